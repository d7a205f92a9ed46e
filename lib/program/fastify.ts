import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { wrongType } from '../common/options';
import { ZoneProgram } from './program';

/** Options of {@link zoneProgram}. */
export interface FastifyZoneProgramOptions {
  /** The program to serve; the plugin starts and closes it. */
  readonly program: ZoneProgram;
  /** Path of the route; default `*`, because the platform's path is not documented. */
  readonly path?: string;
}

/**
 * Fastify plugin that serves a program. Its body parser applies to the plugin's route only. The program starts when Fastify is ready
 * and closes with it.
 *
 * @example
 * ```ts
 * const app = fastify();
 * await app.register(zoneProgram, { program });
 * await app.listen({ port: 8080, host: '0.0.0.0' });
 * ```
 */
export const zoneProgram: FastifyPluginAsync<FastifyZoneProgramOptions> = async (app, options) => {
  const { program, path = '*' } = options;
  if (!(program instanceof ZoneProgram))
    throw wrongType('program', 'an instance of ZoneProgram', program);
  // The signature covers the raw bytes, so no parser may run.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onReady', () => program.start());
  app.addHook('onClose', () => program.close());
  app.all(path, async (request: FastifyRequest, reply: FastifyReply) => {
    const body = await program.readBody(request.raw);
    if (body === undefined) return reply.hijack();
    const gone = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) gone.abort();
    });
    const response = Buffer.isBuffer(body)
      ? await program.handle(request.method, request.headers, body, { signal: gone.signal })
      : body;
    // The rest of an unread body would be parsed as the next request.
    if (!request.raw.complete) reply.header('connection', 'close');
    return reply.code(response.status).headers(response.headers).send(response.body);
  });
};
