import { stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerNotFound } from '@parley/service-kit';

const YEAR_MS = 365 * 86_400_000;
const ASSETS = '/assets/';
const NOT_BUILT = 'Parley runs, but its page is not built yet. Run "npm start" in the checkout, which builds it.';

/** The built page: its files by name, and its first file for every address that the page itself routes. */
export async function pageRoutes(app: FastifyInstance, webRoot: string | null): Promise<void> {
  if (webRoot === null || !(await isFile(join(webRoot, 'index.html')))) {
    app.get('/', (_request, reply) => reply.type('text/plain; charset=utf-8').send(NOT_BUILT));
    return;
  }
  await app.register(fastifyStatic, { root: webRoot, serve: false });
  app.get<{ Params: { '*': string } }>('/*', async (request, reply) => {
    // `normalize` from the root on: `..` cannot climb above it.
    const path = normalize(`/${request.params['*']}`);
    if (isApi(path)) return answerNotFound(request, reply);
    if (path !== '/' && (await isFile(join(webRoot, path)))) return sendFile(reply, path);
    return answerPage(path, request, reply);
  });
}

// An asset that is gone must not be answered with a page: the browser would run HTML as a script.
function answerPage(path: string, request: FastifyRequest, reply: FastifyReply) {
  return path.startsWith(ASSETS) ? answerNotFound(request, reply) : sendFile(reply, '/index.html');
}

// Names under /assets/ carry a hash of what is in them; everything else may change with an update.
function sendFile(reply: FastifyReply, path: string): FastifyReply {
  if (path.startsWith(ASSETS)) return reply.sendFile(path, { maxAge: YEAR_MS, immutable: true });
  return reply.header('cache-control', 'no-cache').sendFile(path, { cacheControl: false });
}

function isApi(path: string): boolean {
  return path === '/api' || path.startsWith('/api/');
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
