import { SandboxError } from '../../errors';
import type { AppType } from '../../interfaces';
import type { ServerInterfaces } from '../../interfaces/server-types';
import { PlatformError } from '../common/platform-error';
import type { ZoneState } from '../interfaces/zone-state';
import type { CallResult } from '../programs/call-result';
import type { ProgramJobs } from '../programs/program-jobs';
import type { LogLevel, Programs } from '../programs/programs';
import type { AccessTokens } from './access-tokens';
import type { ApplicationCalls } from './calls';
import type { CorpSettings } from './corp-settings';

/** What the server interfaces use. */
export interface ApplicationPlatform {
  readonly corpId: string;
  readonly corpSecret: string;
  readonly appType: AppType;
  readonly calls: ApplicationCalls;
  readonly jobs: ProgramJobs;
  readonly programs: Programs;
  readonly tokens: AccessTokens;
  readonly state: ZoneState;
  readonly settings: CorpSettings;
  /** The program_id to which a valid debug token belongs. */
  readonly programOfDebugToken: (token: string) => string | undefined;
  readonly setLogLevel: (programId: string, level: LogLevel) => Promise<void>;
}

/** An uploaded file. */
export interface UploadedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The request that a handler gets; it has passed the checks of the definition. */
export interface ServerRequest<Path extends keyof ServerInterfaces> {
  readonly query: ServerInterfaces[Path]['query'];
  readonly request: ServerInterfaces[Path]['request'];
  readonly file: UploadedFile | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Aborted when the application closes the connection. */
  readonly signal: AbortSignal;
}

/** Handles a server interface; errcodes are thrown as PlatformError. */
export type ServerHandler<Path extends keyof ServerInterfaces> = (
  request: ServerRequest<Path>,
) => ServerInterfaces[Path]['response'] | Promise<ServerInterfaces[Path]['response']>;

/** The handlers of all server interfaces, by path. */
export type ServerHandlers = { readonly [Path in keyof ServerInterfaces]: ServerHandler<Path> };

const DEFAULT_PAGE = 200;
const SMALLEST_FILE = 6;
const LARGEST_FILE = 60 * 1024 * 1024;

/** Creates the handlers of the server interfaces (docs/server-interfaces.md). */
export function serverHandlers(platform: ApplicationPlatform): ServerHandlers {
  const { calls, jobs, programs, tokens, state, settings } = platform;

  const knownProgram = (programId: string): string => {
    if (!programs.has(programId)) throw new PlatformError(710645);
    return programId;
  };
  // It is not documented whether debug mode is on when only the application has opened it.
  const hasOpenedDebugMode = (programId: string): boolean =>
    programs.hasOpenedDebugMode(programId, 'application');
  const member = (userid: string): string => {
    if (!state.corp.isInScope(userid)) throw new PlatformError(710608);
    return userid;
  };

  return {
    gettoken: ({ query, now }) => {
      if (query.corpid !== platform.corpId) throw new PlatformError(40013);
      if (query.corpsecret !== platform.corpSecret) throw new PlatformError(40001);
      const { token, expiresIn } = tokens.get(now);
      return { access_token: token, expires_in: expiresIn };
    },

    'chatdata/sync_call_program': async ({ request, signal }) => {
      const result = await reaching(() =>
        calls.sync({
          programId: knownProgram(request.program_id),
          abilityId: request.ability_id,
          data: request.request_data,
          ...(request.notify_id === undefined ? {} : { notifyId: request.notify_id }),
          signal,
        }),
      );
      refuseFailed(result);
      return { response_data: result.response_data };
    },

    'chatdata/async_program_task': async ({ request, signal }) => {
      const result = await reaching(() =>
        calls.async({
          programId: knownProgram(request.program_id),
          abilityId: request.ability_id,
          data: request.request_data,
          signal,
        }),
      );
      refuseFailed(result);
      return { jobid: result.jobid };
    },

    'chatdata/async_program_result': ({ request }) => {
      const { report } = jobs.result(request.jobid, 'async_program_task');
      return { response_errcode: report.errcode, response_data: report.result ?? '' };
    },

    'chatdata/set_receive_callback': ({ request }) => {
      programs.receiver = knownProgram(request.program_id);
      return {};
    },

    'chatdata/set_public_key': ({ request: { public_key: pem, public_key_ver: version } }) => {
      state.corp.setPublicKey(pem, version);
      return {};
    },

    'chatdata/set_hide_sensitiveinfo_config': ({ request: { userid, config } }) => {
      state.masking.set(member(userid), config);
      return {};
    },

    'chatdata/get_hide_sensitiveinfo_config': ({ request }) => ({
      config: state.masking.get(member(request.userid)),
    }),

    'chatdata/set_log_level': async ({ request }) => {
      await platform.setLogLevel(knownProgram(request.program_id), request.log_level);
      return {};
    },

    'chatdata/get_log_level': ({ request }) => ({
      log_level: programs.logLevel(knownProgram(request.program_id)),
    }),

    'chatdata/get_auth_user_list': ({ request }) => {
      const { items, ...page } = pageOf(settings.authUsers, request);
      return { auth_user_list: items, ...page };
    },

    'chatdata/get_corp_auth_info': () => ({ auth_edition_list: [...settings.authEditions] }),

    'docdata/get_auth_user_list': ({ request }) => {
      const { items, ...page } = pageOf(settings.documentUsers, request);
      return { auth_user_list: items.map((userid) => ({ userid })), ...page };
    },

    'docdata/get_auth_info': () => settings.documentLicence,

    'chatdata/upload_media': ({ file, now }) => {
      if (file === undefined) throw new PlatformError(40058, 'the form has no file "media"');
      const size = file.bytes.length;
      if (size < SMALLEST_FILE || size > LARGEST_FILE) throw new PlatformError(40006);
      return {
        type: 'file',
        media_id: state.media.add(file.name, file.bytes),
        created_at: String(Math.floor(now / 1000)),
      };
    },

    'chatdata/open_debug_mode': ({ request }) => {
      const programId = knownProgram(request.program_id);
      if (state.grants.isDebugModeForbidden) throw new PlatformError(710672);
      if (platform.programOfDebugToken(request.debug_token) !== programId) {
        throw new PlatformError(710671);
      }
      programs.openDebugMode(programId, 'application');
      return {};
    },

    'chatdata/check_debug_mode': ({ request }) => ({
      debug_mode_status: hasOpenedDebugMode(knownProgram(request.program_id)) ? 2 : 1,
    }),

    'chatdata/close_debug_mode': ({ request }) => {
      const programId = knownProgram(request.program_id);
      if (!hasOpenedDebugMode(programId)) throw new PlatformError(710673);
      programs.closeDebugMode(programId);
      return {};
    },
  };
}

/** Makes ERR_SANDBOX_NO_PROGRAM errcode 710674: to an application, a program without an address is unreachable. */
async function reaching<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof SandboxError && error.code === 'ERR_SANDBOX_NO_PROGRAM') {
      throw new PlatformError(710674, 'the program has no address');
    }
    throw error;
  }
}

function refuseFailed({ errcode, errmsg }: Pick<CallResult, 'errcode' | 'errmsg'>): void {
  if (errcode !== 0) throw PlatformError.withText(errcode, errmsg);
}

interface Page<T> {
  readonly items: T[];
  readonly next_cursor: string;
  readonly has_more: boolean;
}

function pageOf<T>(
  all: readonly T[],
  { cursor, limit = DEFAULT_PAGE }: { cursor?: string | undefined; limit?: number | undefined },
): Page<T> {
  const start = cursor === undefined ? 0 : Number(/^cursor-(\d{1,9})$/.exec(cursor)?.[1] ?? -1);
  if (start < 0 || start > all.length) throw new PlatformError(710611);
  const end = Math.min(start + limit, all.length);
  return {
    items: all.slice(start, end),
    next_cursor: `cursor-${end}`,
    has_more: end < all.length,
  };
}
