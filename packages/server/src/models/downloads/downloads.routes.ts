import type { FastifyInstance } from 'fastify';
import { startDownloadRequestSchema } from '@parley/contracts/model-admin';
import { parseBody } from '@parley/service-kit';
import type { ModelDownloads } from './model-downloads.service.ts';

interface ById {
  Params: { id: string };
}

/** `/downloads` and `/library` of `/model-admin`, which lets only owners in. */
export function downloadRoutes(app: FastifyInstance, downloads: ModelDownloads): void {
  app.get('/library', () => downloads.library());

  app.delete<{ Params: { file: string } }>('/library/files/:file', async (request, reply) => {
    await downloads.deleteFile(request.params.file);
    return reply.code(204).send();
  });

  app.get('/downloads', async () => ({ downloads: await downloads.list() }));

  app.post('/downloads', async (request, reply) => {
    const begun = await downloads.begin(parseBody(startDownloadRequestSchema, request.body));
    reply.code(201);
    return begun;
  });

  app.post<ById>('/downloads/:id/resume', (request) => downloads.resume(request.params.id));

  app.delete<ById>('/downloads/:id', async (request, reply) => {
    await downloads.cancel(request.params.id);
    return reply.code(204).send();
  });
}
