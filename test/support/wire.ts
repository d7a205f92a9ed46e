// A third implementation of the sandbox's protocol, written from docs/sandbox-protocol.md, for messages that neither the sandbox nor the
// SDK would send.
import { createCipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

const PROTOCOL = 'wework-spec-sandbox/1';

/** Tags of section 5. */
export const tag = {
  corpId: 1,
  agentId: 2,
  callType: 3,
  data: 4,
  isAsync: 5,
  jobInfo: 6,
  abilityId: 7,
  notifyId: 8,
  ret: 18,
  response: 19,
} as const;

/** A plaintext of section 5. */
export function fields(
  ...list: readonly (readonly [tag: number, value: string | Uint8Array])[]
): Buffer {
  return Buffer.concat(
    list.flatMap(([number, value]) => {
      const bytes = Buffer.from(value as Uint8Array);
      const head = Buffer.alloc(5);
      head.writeUInt8(number, 0);
      head.writeUInt32BE(bytes.length, 1);
      return [head, bytes];
    }),
  );
}

/** The plaintext of a request with this data, which may be any bytes. */
export function requestWithData(data: Uint8Array): Buffer {
  return fields([tag.corpId, 'corp'], [tag.agentId, '1'], [tag.callType, '1'], [tag.data, data]);
}

interface Parts {
  readonly direction: 'request' | 'result';
  readonly subject: string;
  readonly requestNonce: string;
}

interface Sealed {
  readonly keyVersion: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: string;
  readonly body: string;
}

/** Signs `body`, or encrypts `plaintext` and signs the result, with the key of `sandbox.env`. */
export function seal(
  env: Readonly<Record<string, string>>,
  parts: Parts,
  content: { readonly body: string } | { readonly plaintext: Uint8Array },
): Sealed {
  const derive = (purpose: string): Buffer => derivedKey(env, `${parts.direction} ${purpose}`);
  const keyVersion = env.WEWORK_SPEC_SANDBOX_KEY_VER ?? '';
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = randomBytes(16).toString('hex');
  const context = [
    PROTOCOL,
    parts.direction,
    parts.subject,
    keyVersion,
    timestamp,
    nonce,
    parts.requestNonce,
  ].join('\n');
  const body =
    'body' in content ? content.body : encrypt(derive('encryption'), context, content.plaintext);
  const digest = createHash('sha256').update(body).digest('hex');
  const signature = createHmac('sha256', derive('signature'))
    .update(`${context}\n${digest}`)
    .digest('base64');
  return { keyVersion, timestamp, nonce, signature, body };
}

/** The `ww-` headers of a sealed request. */
export function headersOf(sealed: Sealed): Record<string, string> {
  return {
    'ww-secret-ver': sealed.keyVersion,
    'ww-timestamp': sealed.timestamp,
    'ww-nonce': sealed.nonce,
    'ww-signature': sealed.signature,
  };
}

function encrypt(key: Buffer, context: string, plaintext: Uint8Array): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([
    iv,
    cipher.update(plaintext),
    cipher.final(),
    cipher.getAuthTag(),
  ]).toString('base64');
}

function derivedKey(env: Readonly<Record<string, string>>, info: string): Buffer {
  const shared = Buffer.from(env.WEWORK_SPEC_SANDBOX_KEY ?? '', 'base64');
  return Buffer.from(hkdfSync('sha256', shared, PROTOCOL, info, 32));
}

/** A platform that responds to every invoke with the plaintext of `plaintextFor`. */
export class WirePlatform {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(
    env: Readonly<Record<string, string>>,
    plaintextFor: () => Uint8Array,
  ): Promise<WirePlatform> {
    const psk = derivedKey(env, 'tls psk');
    const server = createServer(
      { ciphers: 'TLS_AES_128_GCM_SHA256', pskCallback: () => psk },
      (request, response) => {
        request.resume();
        request.once('end', () => {
          const result = seal(
            env,
            {
              direction: 'result',
              subject: request.url ?? '',
              requestNonce: String(request.headers['ww-nonce']),
            },
            { plaintext: plaintextFor() },
          );
          const { keyVersion, timestamp, nonce, signature, body } = result;
          const text = [keyVersion, timestamp, nonce, signature, body].join('.');
          response.writeHead(200, {
            'content-type': 'text/plain',
            'content-length': Buffer.byteLength(text),
          });
          response.end(text);
        });
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new WirePlatform(server);
  }

  get address(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
