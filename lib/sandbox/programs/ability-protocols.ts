import { stringOption } from '../../common/options';
import { PlatformError } from '../common/platform-error';

/**
 * What an ability takes and gives, as it is set on the admin site (P99942,
 * https://developer.work.weixin.qq.com/document/path/99942). How exactly the platform compares is not documented. Here a template is
 * an example: objects must have the same members, and members and the items of lists must be of the same type. `null` stands for
 * anything, an empty list for a list of anything; a list's first item is the model of all.
 */
export interface AbilityProtocol {
  /** Template of the request data: a JSON text, or what it would parse to. Without one, any text is taken. */
  readonly input?: unknown;
  /** Template of the response data and of reported results. */
  readonly output?: unknown;
}

type Side = keyof AbilityProtocol;

/** The protocols of the abilities, and the platform's checks against them. */
export class AbilityProtocols {
  readonly #templates = new Map<string, Readonly<Record<Side, Template | undefined>>>();

  /**
   * Sets or replaces the protocol of an ability. A text that is not JSON is taken, as the admin site might take it: calls
   * of the ability then fail with 790012.
   */
  set(abilityId: string, { input, output }: AbilityProtocol): void {
    stringOption('abilityId', abilityId);
    this.#templates.set(abilityId, { input: templateOf(input), output: templateOf(output) });
  }

  /** Forgets all protocols. */
  clear(): void {
    this.#templates.clear();
  }

  /**
   * Checks what an application sends.
   *
   * @throws PlatformError 790012 the template is not JSON; 710647 the data does not fit.
   */
  checkInput(abilityId: string, data: string): void {
    this.#check(abilityId, 'input', data, { notJson: 710647, misfit: 710647 });
  }

  /**
   * Checks what a program's task makes of messages and a protocol (`create_program_task`).
   *
   * @throws PlatformError 790012 the template is not JSON; 790015 the data is not JSON; 790016 it does not fit.
   */
  checkRequest(abilityId: string, data: string): void {
    this.#check(abilityId, 'input', data, { notJson: 790015, misfit: 790016 });
  }

  /**
   * Checks what a program answers or reports.
   *
   * @throws PlatformError 790012 the template is not JSON; 790013 the data is not JSON; 790014 it does not fit.
   */
  checkOutput(abilityId: string, data: string): void {
    this.#check(abilityId, 'output', data, { notJson: 790013, misfit: 790014 });
  }

  #check(
    abilityId: string,
    side: Side,
    data: string,
    errcodes: { readonly notJson: number; readonly misfit: number },
  ): void {
    const template = this.#templates.get(abilityId)?.[side];
    if (template === undefined) return;
    if (!template.isJson) throw new PlatformError(790012, `the ${side} of ${abilityId}`);
    const parsed = parse(data);
    if (!parsed.isJson) throw new PlatformError(errcodes.notJson, 'it is not JSON');
    const misfit = misfitOf(template.value, parsed.value, '');
    if (misfit !== undefined) throw new PlatformError(errcodes.misfit, misfit);
  }
}

type Template = { readonly isJson: true; readonly value: unknown } | { readonly isJson: false };

function templateOf(template: unknown): Template | undefined {
  if (template === undefined) return undefined;
  return typeof template === 'string' ? parse(template) : { isJson: true, value: template };
}

function parse(text: string): Template {
  try {
    return { isJson: true, value: JSON.parse(text) as unknown };
  } catch {
    return { isJson: false };
  }
}

/** Where a value leaves its template, without the value itself. */
function misfitOf(template: unknown, value: unknown, path: string): string | undefined {
  const type = typeOf(template);
  if (type === 'null') return undefined;
  if (typeOf(value) !== type) return `${path || 'it'} must be of the type ${type}`;
  if (Array.isArray(template)) {
    if (template.length === 0) return undefined;
    for (const [index, item] of (value as unknown[]).entries()) {
      const misfit = misfitOf(template[0], item, `${path}[${index}]`);
      if (misfit !== undefined) return misfit;
    }
    return undefined;
  }
  if (type !== 'object') return undefined;
  const wanted = template as Readonly<Record<string, unknown>>;
  const given = value as Readonly<Record<string, unknown>>;
  const pathOf = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const [name, part] of Object.entries(wanted)) {
    if (!Object.hasOwn(given, name)) return `${pathOf(name)} is missing`;
    const misfit = misfitOf(part, given[name], pathOf(name));
    if (misfit !== undefined) return misfit;
  }
  const hasMore = Object.keys(given).some((name) => !Object.hasOwn(wanted, name));
  return hasMore ? `${path || 'it'} has a member that the template lacks` : undefined;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
