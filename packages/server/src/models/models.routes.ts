import type { FastifyInstance } from 'fastify';
import { accountOf } from '../accounts/authenticate.ts';
import type { ModelsService } from './models.service.ts';

/** `/models`: what the picker shows. */
export function modelRoutes(app: FastifyInstance, models: ModelsService): void {
  app.get('/models', (request) => models.listFor(accountOf(request)));
}
