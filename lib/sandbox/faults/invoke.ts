import { randomBytes } from 'node:crypto';
import { errmsgOf } from '../common/platform-error';
import { RET } from '../wire/protocol/constants';
import type { ResultFault } from '../wire/result-fault';
import { anotherKeyVersion } from '../wire/seal';
import type { InvokeFailure } from './fault';

/** The values that turn a rule into the fault of one exchange. */
export interface InvokeMoment {
  readonly keyVersion: number;
  /** Unix seconds. */
  readonly now: number;
}

/** Whether the failure replaces the interface, which is then not executed. */
export function isInstead(failure: InvokeFailure): boolean {
  return (
    failure.errcode !== undefined ||
    failure.ret !== undefined ||
    failure.response !== undefined ||
    failure.status !== undefined ||
    failure.accessTokenExpired === true
  );
}

/** Converts a failure into a fault of the protocol. */
export function resultFaultOf(failure: InvokeFailure, moment: InvokeMoment): ResultFault {
  const { errcode, accessTokenExpired, wrongKeyVersion, replay, clockSkew, ...wire } = failure;
  return {
    ...wire,
    ...(errcode === undefined
      ? {}
      : { ret: RET.ok, response: JSON.stringify({ errcode, errmsg: errmsgOf(errcode) }) }),
    ...(accessTokenExpired ? { ret: RET.keyVersion, response: '' } : {}),
    ...(wrongKeyVersion ? { keyVersion: anotherKeyVersion(moment.keyVersion) } : {}),
    // For a program, a replayed result is one that belongs to another invoke.
    ...(replay ? { requestNonce: randomBytes(16).toString('hex') } : {}),
    ...(clockSkew === undefined ? {} : { timestamp: Math.max(0, moment.now + clockSkew) }),
  };
}
