/**
 * Loaded into a program's process before the program (`node --require`): lets it listen on any free port in place of the zone's 8080,
 * and tells the parent which one that is. So several programs run at once, and none has to be changed for it.
 *
 * @module
 */
import type { AddressInfo } from 'node:net';
import { Server } from 'node:net';

/** What the parent is told. */
export interface ListeningMessage {
  readonly type: 'wework-spec-listening';
  readonly port: number;
}

const ZONE_PORT = 8080;
// biome-ignore lint/suspicious/noExplicitAny: listen() has many forms; all but the port is handed on as it is
type Listen = (this: Server, ...args: any[]) => Server;

const listen = Server.prototype.listen as Listen;
let hasReported = false;

const patched: Listen = function (...args) {
  this.once('listening', () => report(this.address()));
  const [first, ...rest] = args;
  if (isZonePort(first)) return listen.call(this, 0, ...rest);
  if (typeof first === 'object' && first !== null && isZonePort(first.port)) {
    return listen.call(this, { ...first, port: 0 }, ...rest);
  }
  return listen.call(this, ...args);
};
Server.prototype.listen = patched as typeof Server.prototype.listen;

function isZonePort(value: unknown): boolean {
  return Number(value) === ZONE_PORT;
}

function report(address: AddressInfo | string | null): void {
  // The first server is the program; others may be for metrics and the like.
  if (hasReported || typeof address !== 'object' || address === null) return;
  hasReported = true;
  const message: ListeningMessage = { type: 'wework-spec-listening', port: address.port };
  process.send?.(message);
}

// The channel must not keep a program alive that has nothing else to do, and a program must not outlive who started it.
process.channel?.unref();
process.on('disconnect', () => process.exit());
