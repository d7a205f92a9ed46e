import { wrongType } from '../../common/options';
import { invokeCodeMeaning } from '../../interfaces';
import { SpecSdk } from '../../sdk/spec-sdk';
import type { AbilityHandler } from './call';
import { Failure } from './failure';

/** Which interfaces of the zone an application may call through the program. */
export interface PassThroughOptions {
  /** Names of interfaces, for example `['sync_msg', 'get_group_chat']`; no default. */
  readonly interfaces: readonly string[];
  /** Prefix of the abilities' ids; default `invoke_`, as in the official samples. */
  readonly prefix?: string;
}

/** The abilities and their handlers. @throws TypeError `ERR_SPEC_INVALID_ARG_TYPE` */
export function passThroughAbilities(
  options: PassThroughOptions,
): [abilityId: string, handler: AbilityHandler<unknown>][] {
  const { interfaces, prefix = 'invoke_' } = options;
  const isName = (name: unknown): boolean => typeof name === 'string' && /^\w+$/.test(name);
  // Array.from() also visits the holes of a sparse array.
  if (!Array.isArray(interfaces) || !Array.from(interfaces).every(isName)) {
    throw wrongType('options.interfaces', 'an array of interface names', interfaces);
  }
  if (typeof prefix !== 'string') throw wrongType('options.prefix', 'of type string', prefix);
  return interfaces.map((name: string) => [prefix + name, passThrough(name)]);
}

/** Passes request and response through unchanged, including errcodes of the platform. */
function passThrough(interfaceName: string): AbilityHandler<unknown> {
  return async (_, { corpId, agentId, abilityId, jobInfo, data }) => {
    const sdk = new SpecSdk(corpId, agentId, abilityId, jobInfo);
    const { ret, response } = await sdk.Invoke(interfaceName, data);
    if (ret === 0) return response;
    const meaning = invokeCodeMeaning(ret)?.meaning ?? 'not listed';
    const errmsg = `Invoke of ${interfaceName} returned ${ret}: ${meaning}`;
    throw new Failure('failed', errmsg);
  };
}
