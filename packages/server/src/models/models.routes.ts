import type { FastifyInstance } from 'fastify';
import type { ModelsService } from './models.service.ts';

/** `/models`: what the picker shows. */
export function modelRoutes(app: FastifyInstance, models: ModelsService): void {
  app.get('/models', async () => ({ models: await models.list() }));
}
