import { conversationInterfaces } from './definitions/conversation';
import { keywordRuleInterfaces } from './definitions/keyword-rules';
import { knowledgeBaseInterfaces } from './definitions/knowledge-base';
import { modelInterfaces } from './definitions/models';
import {
  displayComponentInterfaces,
  exportInterfaces,
  programInterfaces,
} from './definitions/program';
import type { ZoneInterfaceDefinition } from './schema';

export { checkFields, checkRequest, type Violation } from './check';
export { MODEL_CALLS_PER_DAY } from './definitions/shared';
export {
  type ErrcodeMeaning,
  errcodeMeaning,
  knownErrcodes,
  MALFORMED_REQUEST,
  type RetryAdvice,
} from './errcodes';
export { type ZoneEventDefinition, zoneEvents } from './events';
export { type InvokeCodeMeaning, invokeCodeMeaning, knownInvokeCodes } from './invoke-codes';
export * from './schema';
export {
  type AppType,
  type ServerInterfaceDefinition,
  serverInterface,
  serverInterfaceGroups,
  serverInterfaces,
} from './server-interfaces';
export { type TaskDefinition, type TaskProtocol, zoneTasks } from './tasks';

/** The interfaces that a program can call, in the order of the official pages. */
export const zoneInterfaces: readonly ZoneInterfaceDefinition[] = [
  ...conversationInterfaces,
  ...keywordRuleInterfaces,
  ...knowledgeBaseInterfaces,
  ...modelInterfaces,
  ...exportInterfaces,
  ...programInterfaces,
  ...displayComponentInterfaces,
];

const byName: ReadonlyMap<string, ZoneInterfaceDefinition> = new Map(
  zoneInterfaces.map((definition) => [definition.name, definition]),
);

/** The definition of an interface; `undefined` for a name that the official pages do not have. */
export function zoneInterface(name: string): ZoneInterfaceDefinition | undefined {
  return byName.get(name);
}
