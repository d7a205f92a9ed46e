import { randomBytes } from 'node:crypto';
import type { InvokeFault } from './invoke-fault';
import { errmsgOf } from '../common/platform-error';
import { RET } from '../protocol/constants';
import { anotherKeyVersion } from './seal';
import type { InvokeFaultRule } from './fault';

/** What is needed to put a rule into the terms of one exchange. */
export interface InvokeMoment {
  readonly keyVersion: number;
  /** Unix seconds. */
  readonly now: number;
}

/** Whether the interface is not asked at all. */
export function isInstead(rule: InvokeFaultRule): boolean {
  return (
    rule.errcode !== undefined ||
    rule.ret !== undefined ||
    rule.status !== undefined ||
    rule.accessTokenExpired === true
  );
}

/** A rule in the terms of the exchange that it spoils. */
export function invokeFaultOf(rule: InvokeFaultRule, moment: InvokeMoment): InvokeFault {
  return {
    ...(rule.delay === undefined ? {} : { delay: rule.delay }),
    ...failureOf(rule, moment),
  };
}

function failureOf(rule: InvokeFaultRule, { keyVersion, now }: InvokeMoment): InvokeFault {
  if (rule.errcode !== undefined) {
    const { errcode } = rule;
    return { ret: RET.ok, response: JSON.stringify({ errcode, errmsg: errmsgOf(errcode) }) };
  }
  if (rule.ret !== undefined) return { ret: rule.ret, response: '' };
  if (rule.accessTokenExpired) return { ret: RET.keyVersion, response: '' };
  if (rule.status !== undefined) return { status: rule.status };
  if (rule.drop) return { destroy: 'before' };
  if (rule.cut) return { destroy: 'middle' };
  if (rule.badSignature) return { corrupt: 'signature' };
  if (rule.badCiphertext) return { corrupt: 'body' };
  if (rule.wrongKeyVersion) return { keyVersion: anotherKeyVersion(keyVersion) };
  // To a program, an old result is one that answers another invoke.
  if (rule.replay) return { answers: randomBytes(16).toString('hex') };
  if (rule.clockSkew !== undefined) return { timestamp: Math.max(0, now + rule.clockSkew) };
  return {};
}
