import type { FastifyInstance } from 'fastify';
import { ParleyError, type UpstreamModels } from '@parley/contracts';
import { readerGone } from '@parley/service-kit';
import type { Engine } from '../engine.ts';

/** `GET /worker/upstream-models`: what the vendor or server behind the engine says that it serves. */
export function addUpstreamModelRoutes(app: FastifyInstance, engine: Engine): void {
  app.get('/worker/upstream-models', async (_request, reply): Promise<UpstreamModels> => {
    if (engine.listModels === undefined) {
      throw new ParleyError('invalid_request', 'The provider of this model has no list of its models.');
    }
    return { models: await engine.listModels(readerGone(reply)) };
  });
}
