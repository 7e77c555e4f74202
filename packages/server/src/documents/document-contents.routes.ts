import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseBody } from '@parley/service-kit';
import { accountOf } from '../accounts/authenticate.ts';
import type { DocumentReadingService } from './document-reading.service.ts';
import { toRange } from './open-file.ts';

const versionQuerySchema = z.object({ version: z.string().min(1).max(64).nullable().default(null) });

interface ById {
  Params: { id: string };
}

/** `/documents/:id/versions`, `…/chunks` and `…/file`: what stands in a document. */
export function documentContentRoutes(app: FastifyInstance, reading: DocumentReadingService): void {
  app.get<ById>('/documents/:id/versions', (request) => reading.versions(accountOf(request).id, request.params.id));

  app.get<ById>('/documents/:id/chunks', async (request, reply) => {
    const chunks = await reading.readChunks(accountOf(request).id, request.params.id);
    return reply.type('application/json; charset=utf-8').send(chunks);
  });

  // Without HEAD, which Fastify would answer by reading the whole file.
  app.get<ById>('/documents/:id/file', { exposeHeadRoute: false }, async (request, reply) => {
    const { version } = parseBody(versionQuerySchema, request.query);
    const { handle, size, headers } = await reading.openFile(accountOf(request).id, request.params.id, version);
    const range = toRange(request.headers.range, size);
    reply.headers(headers).header('content-length', range === null ? size : range.end - range.start + 1);
    if (range !== null) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
    return reply.send(handle.createReadStream(range ?? {}));
  });
}
