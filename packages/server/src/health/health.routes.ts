import type { FastifyInstance } from 'fastify';
import type { Health } from '@parley/contracts';
import { VERSION } from '@parley/service-kit';

/** `/health` under the page's own prefix: open, tells no secrets. */
export function healthRoutes(app: FastifyInstance): void {
  app.get('/health', { config: { isOpen: true } }, (): Health => ({
    status: 'ok',
    service: 'server',
    version: VERSION,
  }));
}
