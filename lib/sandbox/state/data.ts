import { randomBytes } from 'node:crypto';
import { types } from 'node:util';
import type { ZoneEventType } from '../common/zone-events';
import { type CorpChanges, noCorpChanges } from '../corp/changes';
import type { KnowledgeBase } from '../models/knowledge-base';
import type {
  ExportCode,
  ExportJob,
  Grants,
  Hit,
  Masking,
  MediaFile,
  ProgramState,
  StoredRule,
  StoredTask,
  TokenUse,
  UndeliveredTask,
} from './records';

/** An event that the platform sends when its clock shows `time`. */
export interface DueEvent {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly eventType: ZoneEventType;
  readonly content: object;
}

/** All that can change, as plain data: copying it is what makes a reset cheap and a saved state whole. */
export interface StateData {
  serial: number;
  pageIdKey: string;
  corp: CorpChanges;
  rules: Map<string, StoredRule>;
  hits: Hit[];
  tokens: Map<string, { readonly use: TokenUse; readonly expiresAt: number }>;
  pulls: number[];
  knowledgeBases: Map<string, KnowledgeBase>;
  tasks: Map<string, StoredTask>;
  undelivered: Map<string, UndeliveredTask>;
  exportCodes: Map<string, ExportCode>;
  exports: Map<string, ExportJob>;
  media: Map<string, MediaFile>;
  masking: Map<string, Masking>;
  calls: Map<string, number>;
  programStates: Map<string, ProgramState>;
  inputTemplates: Map<string, string>;
  tickets: Set<string>;
  grants: Grants;
  due: DueEvent[];
}

function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

export function newData(): StateData {
  return {
    serial: 0,
    pageIdKey: randomBytes(32).toString('hex'),
    corp: noCorpChanges(),
    rules: new Map(),
    hits: [],
    tokens: new Map(),
    pulls: [],
    knowledgeBases: new Map(),
    tasks: new Map(),
    undelivered: new Map(),
    exportCodes: new Map(),
    exports: new Map(),
    media: new Map(),
    masking: new Map(),
    calls: new Map(),
    programStates: new Map(),
    inputTemplates: new Map(),
    tickets: new Set(),
    grants: {
      generalModel: true,
      documents: true,
      documentPermission: true,
      isModelBusy: false,
      isDebugModeForbidden: false,
    },
    due: [],
  };
}

export function withMaps(_name: string, value: unknown): unknown {
  // Not instanceof: structuredClone makes them in Node's own realm, which is not that of a test under Jest.
  if (types.isMap(value)) return { $map: [...value] };
  if (types.isSet(value)) return { $set: [...value] };
  return value;
}

function fromMaps(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const [key, ...others] = Object.keys(value);
  if (others.length > 0) return value;
  const { $map: map, $set: set } = value as { $map?: [unknown, unknown][]; $set?: unknown[] };
  if (key === '$map' && Array.isArray(map)) return new Map(map);
  if (key === '$set' && Array.isArray(set)) return new Set(set);
  return value;
}

/** What `save` has given, or `undefined` when it is something else. */
export function readData(saved: unknown): StateData | undefined {
  const data = JSON.parse(JSON.stringify(saved ?? null), fromMaps) as Partial<StateData> | null;
  const isWhole = Object.entries(newData()).every(
    ([name, value]) => kindOf(data?.[name as keyof StateData]) === kindOf(value),
  );
  return isWhole ? (data as StateData) : undefined;
}
