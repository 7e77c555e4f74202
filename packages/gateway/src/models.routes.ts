import type { FastifyInstance } from 'fastify';
import { ParleyError, type ModelList, type RegistrySnapshot } from '@parley/contracts';
import type { Access } from './access.ts';
import { servedModels } from './leases/stand-alone-choice.ts';

interface ModelRouteParts {
  access: Access;
  /** The registry as last known; null before the controller was ever reached. */
  currentSnapshot: () => RegistrySnapshot | null;
  /** Seconds since 1970: OpenAI's `created`, which nothing here knows better. */
  createdAt: number;
}

/** `GET /v1/models` and one of them: the models that have a worker now. */
export function addModelRoutes(app: FastifyInstance, { access, currentSnapshot, createdAt }: ModelRouteParts): void {
  const toModel = (id: string) => ({ id, object: 'model' as const, created: createdAt, owned_by: 'parley' });
  const names = () => {
    const snapshot = currentSnapshot();
    if (snapshot !== null) return servedModels(snapshot);
    const message = 'The controller, which knows the models, cannot be reached. Try again in a moment.';
    throw new ParleyError('controller_unreachable', message, { retryAfterSeconds: 2 });
  };

  app.get('/v1/models', (request): ModelList => {
    access(request);
    return { object: 'list', data: names().map(toModel) };
  });

  // A name may hold slashes (`org/model`), sent as they are or escaped.
  app.get<{ Params: { '*': string } }>('/v1/models/*', (request) => {
    access(request);
    const id = request.params['*'];
    const all = names();
    if (all.includes(id)) return toModel(id);
    const there = all.length === 0 ? 'No model is served at the moment.' : `There are: ${all.slice(0, 20).join(', ')}.`;
    throw new ParleyError('model_not_found', `There is no model "${id}". ${there}`, { param: 'model' });
  });
}
