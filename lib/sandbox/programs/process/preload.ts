/**
 * Loaded into a program's process before the program (`node --require`). Replaces the zone's port 8080 by a free one, and sends the
 * port to the parent process. So several programs can run at once without a change of their code.
 *
 * @module
 */
import type { AddressInfo } from 'node:net';
import { Server } from 'node:net';
import { type ListeningMessage, SANDBOX_PID } from './preload-protocol';

const ZONE_PORT = 8080;
// biome-ignore lint/suspicious/noExplicitAny: listen() has many overloads; all arguments but the port are passed on unchanged
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
function isZonePort(value: unknown): boolean {
  return Number(value) === ZONE_PORT;
}

function report(address: AddressInfo | string | null): void {
  // The first server is the program's; others may serve metrics, for example.
  if (hasReported || typeof address !== 'object' || address === null) return;
  hasReported = true;
  const message: ListeningMessage = { type: 'wework-spec-listening', port: address.port };
  process.send?.(message);
}

// A process that the program forks inherits the options of node, but its channel belongs to the program. Ports of node:cluster are
// those of the program itself, which listens for its workers.
if (Number(process.env[SANDBOX_PID]) === process.ppid) {
  Server.prototype.listen = patched as typeof Server.prototype.listen;
  // The channel must not keep the program alive, and the program must not outlive its parent process.
  process.channel?.unref();
  process.on('disconnect', () => process.exit());
}
