/** The types of one ability. */
export interface AbilityType {
  /** What the application sends, after JSON.parse(). */
  readonly request: unknown;
  /** What the handler returns and the application gets, after JSON.parse(). */
  readonly response: object;
}

/**
 * Constraint of a definition of abilities: an interface with a member for each ability id. It types the handlers of a
 * `ZoneProgram`, the calls of a `ZoneSandbox`, and the application.
 *
 * @example
 * ```ts
 * export interface Abilities {
 *   greet: { request: { name: string }; response: { errcode: number; greeting: string } };
 * }
 * const program = new ZoneProgram<Abilities>();
 * const sandbox = await withSandbox<Abilities>('dist/app.js');
 * ```
 */
// Not an index signature, which interfaces do not have.
export type AbilityTypes<Abilities> = { readonly [Id in keyof Abilities]: AbilityType };

/** The default, without a definition: any ability id, with requests and responses of type any, as JSON.parse() returns them. */
// biome-ignore lint/suspicious/noExplicitAny: only with any are programs with and without a definition assignable to each other.
export type AnyAbilities = any;

/** The ids of defined abilities. */
export type AbilityId<Abilities> = keyof Abilities & string;

/** The request of an ability. */
export type AbilityRequest<
  Abilities extends AbilityTypes<Abilities>,
  Id extends AbilityId<Abilities>,
> = Abilities[Id]['request'];

/** The response of an ability. */
export type AbilityResponse<
  Abilities extends AbilityTypes<Abilities>,
  Id extends AbilityId<Abilities>,
> = Abilities[Id]['response'];
