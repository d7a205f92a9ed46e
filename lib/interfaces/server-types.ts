// Made by scripts/generate-interfaces.mjs from lib/interfaces: change those, not this file.

/** A member with a licence. */
export interface AuthUser {
  userid: string;
  /** 1 internal, 2 internal and external, 3 with voice calls. */
  edition_list: (1 | 2 | 3)[];
}

/** A licence of the corp. */
export interface AuthEdition {
  /** 1 internal, 2 internal and external, 3 with voice calls. */
  edition: 1 | 2 | 3;
  auth_scope: AuthScope;
  /** 1 trial, 2 trial over, 3 paid, 4 paid time over, 5 free, 6 free time over, 7 paid, begins later. */
  status: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  /** Unix seconds. */
  begin_time: number;
  /** Unix seconds. */
  end_time: number;
  /** Days that messages are kept. */
  msg_duration_days: number;
  /** How many members it is for. */
  auth_user_count: number;
}

/** Whom a licence covers. */
export interface AuthScope {
  userid_list: string[];
  department_id_list: number[];
  tag_id_list: number[];
}

/** The server interfaces by their path below `/cgi-bin/`; the responses without errcode and errmsg. */
export interface ServerInterfaces {
  /** Get an access token (获取access_token). */
  gettoken: {
    query: {
      corpid: string;
      /** The app's secret. */
      corpsecret: string;
    };
    request: Record<never, never>;
    response: {
      /** The same one as long as it is good. At most 512 bytes. */
      access_token: string;
      /** Seconds that it is good. */
      expires_in: number;
    };
  };
  /** Call a program and wait (同步调用专区程序). */
  'chatdata/sync_call_program': {
    query: Record<never, never>;
    request: {
      /** The program, linked to the app. */
      program_id: string;
      /** Of the program. */
      ability_id: string;
      /** JSON text; must fit the input protocol of the ability. */
      request_data: string;
      /** Of the program_notify that this call answers; good for 10 minutes. At most 128 bytes. */
      notify_id?: string | undefined;
    };
    response: {
      /** What the program has answered, JSON text. */
      response_data: string;
    };
  };
  /** Give a program a task (异步调用专区程序). */
  'chatdata/async_program_task': {
    query: Record<never, never>;
    request: {
      /** The program, linked to the app. */
      program_id: string;
      /** Of the program. */
      ability_id: string;
      /** JSON text; must fit the input protocol of the ability. */
      request_data: string;
    };
    response: {
      /** The task. */
      jobid: string;
    };
  };
  /** Result of a task (获取异步任务结果). */
  'chatdata/async_program_result': {
    query: Record<never, never>;
    request: {
      /** Of async_program_task. */
      jobid: string;
    };
    response: {
      /** As the program has reported it. */
      response_errcode: number;
      /** As the program has reported it. */
      response_data: string;
    };
  };
  /** Choose the program that receives events (设置专区接收回调事件). */
  'chatdata/set_receive_callback': {
    query: Record<never, never>;
    request: {
      /** The program, linked to the app. */
      program_id: string;
    };
    response: Record<never, never>;
  };
  /** Set the public key of the archive (设置公钥). */
  'chatdata/set_public_key': {
    query: Record<never, never>;
    request: {
      /** PEM; RSA, 2048 bits. */
      public_key: string;
      /** Greater than that of the former key. At least 1. */
      public_key_ver: number;
    };
    response: Record<never, never>;
  };
  /** Set masking for a member (设置成员会话组件敏感信息隐藏配置). */
  'chatdata/set_hide_sensitiveinfo_config': {
    query: Record<never, never>;
    request: {
      userid: string;
      config: {
        /** Default false. */
        hide_mobile?: boolean | undefined;
        /** Default false. */
        hide_idcard?: boolean | undefined;
        /** Default false. */
        hide_bankno?: boolean | undefined;
      };
    };
    response: Record<never, never>;
  };
  /** Get masking of a member (获取成员会话组件敏感信息隐藏配置). */
  'chatdata/get_hide_sensitiveinfo_config': {
    query: Record<never, never>;
    request: {
      userid: string;
    };
    response: {
      config: {
        hide_mobile: boolean;
        hide_idcard: boolean;
        hide_bankno: boolean;
      };
    };
  };
  /** Set a program's log level (设置专区程序日志级别). */
  'chatdata/set_log_level': {
    query: Record<never, never>;
    request: {
      /** The program, linked to the app. */
      program_id: string;
      /** 1 ERR, 2 INFO, 3 DBG. */
      log_level: 1 | 2 | 3;
    };
    response: Record<never, never>;
  };
  /** Get a program's log level (获取专区程序日志级别). */
  'chatdata/get_log_level': {
    query: Record<never, never>;
    request: {
      /** The program, linked to the app. */
      program_id: string;
    };
    response: {
      /** 2 unless it was set. 1 ERR, 2 INFO, 3 DBG. */
      log_level: 1 | 2 | 3;
    };
  };
  /** Members whose conversations are archived (获取授权存档的成员列表). */
  'chatdata/get_auth_user_list': {
    query: Record<never, never>;
    request: {
      /** `next_cursor` of the last call. */
      cursor?: string | undefined;
      /** Default 200. 1 to 1000. */
      limit?: number | undefined;
    };
    response: {
      auth_user_list: AuthUser[];
      /** `cursor` of the next call. */
      next_cursor: string;
      /** Whether there is more. */
      has_more: boolean;
    };
  };
  /** The corp's licences (获取企业授权信息). */
  'chatdata/get_corp_auth_info': {
    query: Record<never, never>;
    request: Record<never, never>;
    response: {
      auth_edition_list: AuthEdition[];
    };
  };
  /** Members with a document licence (获取文档授权的成员列表). */
  'docdata/get_auth_user_list': {
    query: Record<never, never>;
    request: {
      /** `next_cursor` of the last call. */
      cursor?: string | undefined;
      /** Default 200. 1 to 1000. */
      limit?: number | undefined;
    };
    response: {
      auth_user_list: {
        userid: string;
      }[];
      /** `cursor` of the next call. */
      next_cursor: string;
      /** Whether there is more. */
      has_more: boolean;
    };
  };
  /** The document licence (获取文档授权信息). */
  'docdata/get_auth_info': {
    query: Record<never, never>;
    request: Record<never, never>;
    response: {
      /** 1 trial, 2 trial over. */
      status: 1 | 2;
      auth_scope: AuthScope;
      /** Unix seconds. */
      begin_time: number;
      /** Unix seconds. */
      end_time: number;
      /** How many members it is for. */
      auth_user_count: number;
    };
  };
  /** Upload a temporary file (上传临时素材). */
  'chatdata/upload_media': {
    query: {
      type: 'file';
    };
    request: Record<never, never>;
    response: {
      type: 'file';
      /** Good for 3 days, for this corp and app, in the zone only. */
      media_id: string;
      /** Unix seconds. */
      created_at: string;
    };
  };
  /** Open debug mode (开启调试模式). */
  'chatdata/open_debug_mode': {
    query: Record<never, never>;
    request: {
      /** The program, linked to the app. */
      program_id: string;
      /** From the program's page on the admin site. */
      debug_token: string;
    };
    response: Record<never, never>;
  };
  /** Look whether debug mode is open (查询调试模式状态). */
  'chatdata/check_debug_mode': {
    query: Record<never, never>;
    request: {
      /** The program, linked to the app. */
      program_id: string;
    };
    response: {
      /** 1 off, 2 on. */
      debug_mode_status: 1 | 2;
    };
  };
  /** Close debug mode (关闭调试模式). */
  'chatdata/close_debug_mode': {
    query: Record<never, never>;
    request: {
      /** The program, linked to the app. */
      program_id: string;
    };
    response: Record<never, never>;
  };
}
