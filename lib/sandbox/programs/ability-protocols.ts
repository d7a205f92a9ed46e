import { stringOption } from '../../common/options';
import { PlatformError } from '../common/platform-error';

/**
 * Input and output of an ability, as set on the admin site (P99942, https://developer.work.weixin.qq.com/document/path/99942). How
 * the platform compares data with a template is not documented. Here, a template is an example: objects must have the same members,
 * and members and the items of arrays must have the same types. `null` matches any value, and an empty array any array. The first
 * item of an array is the template of all its items.
 */
export interface AbilityProtocol {
  /** Template of the request data: a JSON string, or the value that it parses to. Without a template, any data is accepted. */
  readonly input?: unknown;
  /** Template of the response data and of reported results. */
  readonly output?: unknown;
}

type Side = keyof AbilityProtocol;

/** The protocols of the abilities, and the platform's checks against them. */
export class AbilityProtocols {
  readonly #templates = new Map<string, Readonly<Record<Side, Template | undefined>>>();

  /**
   * Sets or replaces the protocol of an ability. A string that is not JSON is accepted, as the admin site may accept it; calls of
   * the ability then fail with 790012.
   */
  set(abilityId: string, { input, output }: AbilityProtocol): void {
    stringOption('abilityId', abilityId);
    this.#templates.set(abilityId, { input: templateOf(input), output: templateOf(output) });
  }

  /** Removes all protocols. */
  clear(): void {
    this.#templates.clear();
  }

  /**
   * Checks the request data of an application.
   *
   * @throws PlatformError 790012 the template is not JSON; 710647 the data does not match it.
   */
  checkInput(abilityId: string, data: string): void {
    this.#check(abilityId, 'input', data, { notJson: 710647, misfit: 710647 });
  }

  /**
   * Checks the request data that `create_program_task` builds from messages and a protocol.
   *
   * @throws PlatformError 790012 the template is not JSON; 790015 the data is not JSON; 790016 it does not match the template.
   */
  checkRequest(abilityId: string, data: string): void {
    this.#check(abilityId, 'input', data, { notJson: 790015, misfit: 790016 });
  }

  /**
   * Checks the response or the reported result of a program.
   *
   * @throws PlatformError 790012 the template is not JSON; 790013 the data is not JSON; 790014 it does not match the template.
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

/** How a value differs from its template; the text does not contain the value. */
function misfitOf(template: unknown, value: unknown, path: string): string | undefined {
  const type = typeOf(template);
  if (type === 'null') return undefined;
  if (typeOf(value) !== type) return `${path || 'it'} must be of type ${type}`;
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
  return hasMore ? `${path || 'it'} has a member that is not in the template` : undefined;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
