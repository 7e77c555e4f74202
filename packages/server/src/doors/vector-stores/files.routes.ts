import fastifyMultipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseBody } from '@parley/service-kit';
import { accountOf } from '../../accounts/authenticate.ts';
import { toRange } from '../../documents/open-file.ts';
import type { FilesService } from './files.service.ts';
import { listQuerySchema } from './list-page.ts';
import { readUpload } from './read-upload.ts';

const filesQuerySchema = listQuerySchema.extend({
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
  purpose: z.string().max(64).nullable().default(null),
});

interface ById {
  Params: { id: string };
}

/** `/files`: what programs upload, to be added to vector stores. */
export async function fileRoutes(app: FastifyInstance, doors: { files: FilesService }): Promise<void> {
  await app.register(fastifyMultipart);

  app.post('/files', (request) => upload(request, doors.files));

  app.get('/files', (request) => doors.files.list(accountOf(request).id, parseBody(filesQuerySchema, request.query)));

  app.get<ById>('/files/:id', (request) => doors.files.read(accountOf(request).id, request.params.id));

  app.delete<ById>('/files/:id', (request) => doors.files.remove(accountOf(request).id, request.params.id));

  // Without HEAD, which Fastify would answer by reading the whole file.
  app.get<ById>('/files/:id/content', { exposeHeadRoute: false }, async (request, reply) => {
    const { handle, size, headers } = await doors.files.open(accountOf(request).id, request.params.id);
    const range = toRange(request.headers.range, size);
    reply.headers(headers).header('content-length', range === null ? size : range.end - range.start + 1);
    if (range !== null) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
    return reply.send(handle.createReadStream(range ?? {}));
  });
}

async function upload(request: FastifyRequest, files: FilesService) {
  const { id: userId } = accountOf(request);
  const sent = await readUpload(request, (bytes) => files.storeBytes(bytes));
  return files.add(userId, sent);
}
