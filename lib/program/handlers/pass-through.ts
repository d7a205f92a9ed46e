import { checkOptions, wrongType } from '../../common/options';
import { invokeCodeMeaning } from '../../interfaces';
import { SpecSdk } from '../../sdk/spec-sdk';
import type { Call } from './call';
import { Failure } from './failure';
import type { Handlers } from './handlers';
import { parsedData } from './results';

/** Which interfaces of the zone an application may call through the program. */
export interface PassThroughOptions {
  /** Names of interfaces, for example `['sync_msg', 'get_group_chat']`; no default. */
  readonly interfaces: readonly string[];
  /** Prefix of the abilities' ids; default `invoke_`, as in the official samples. */
  readonly prefix?: string;
}

/** Registers the abilities. @throws as `ZoneProgram.passThrough` */
export function passInterfacesThrough(options: PassThroughOptions, handlers: Handlers): void {
  checkOptions(options);
  const { interfaces, prefix = 'invoke_' } = options;
  const isName = (name: unknown): boolean => typeof name === 'string' && /^\w+$/.test(name);
  // Array.from() also visits the holes of a sparse array.
  if (!Array.isArray(interfaces) || !Array.from(interfaces).every(isName)) {
    throw wrongType('options.interfaces', 'an array of interface names', interfaces);
  }
  if (typeof prefix !== 'string') throw wrongType('options.prefix', 'of type string', prefix);
  for (const name of interfaces as string[]) {
    handlers.addInterface(name, prefix + name, (text, call) => passThrough(name, text, call));
  }
}

/** Passes request and response through unchanged, including errcodes of the platform. */
async function passThrough(interfaceName: string, text: string, call: Call): Promise<string> {
  // Only checked: a number beyond 2^53 would not survive JSON.parse() and JSON.stringify().
  parsedData(text);
  const { corpId, agentId, abilityId, jobInfo } = call;
  const sdk = new SpecSdk(corpId, agentId, abilityId, jobInfo);
  const { ret, response } = await sdk.Invoke(interfaceName, text);
  if (ret === 0) return response;
  const meaning = invokeCodeMeaning(ret)?.meaning ?? 'not listed';
  throw new Failure('failed', `Invoke of ${interfaceName} returned ${ret}: ${meaning}`);
}
