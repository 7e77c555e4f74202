import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ParleyError } from '@parley/contracts';
import {
  addModelsRequestSchema,
  createConnectionRequestSchema,
  createModelRequestSchema,
  tryConnectionRequestSchema,
  updateConnectionRequestSchema,
  updateModelRequestSchema,
  type AdminModel,
  type CreatedConnection,
} from '@parley/contracts/model-admin';
import { parseBody, readerGone } from '@parley/service-kit';
import { accountOf } from '../../accounts/authenticate.ts';
import { downloadRoutes } from '../downloads/downloads.routes.ts';
import type { ModelDownloads } from '../downloads/model-downloads.service.ts';
import type { ModelAdministration } from './create-administration.ts';

interface ById {
  Params: { id: string };
}

interface ByName {
  Params: { name: string };
}

const removeQuerySchema = z.object({ with_file: z.enum(['true', 'false']).default('false') });
const [onlineModelSchema, fileModelSchema] = createModelRequestSchema.options;

/** `/model-admin`: models, connections and downloads, for owners only. */
export function modelAdminRoutes(
  app: FastifyInstance,
  { administration, downloads }: { administration: ModelAdministration; downloads: ModelDownloads },
): void {
  void app.register(
    async (owned) => {
      owned.addHook('onRequest', async (request) => {
        if (accountOf(request).role === 'owner') return;
        throw new ParleyError('not_allowed', 'Only an owner of this Parley may look after its models.');
      });
      overviewRoutes(owned, administration);
      connectionRoutes(owned, administration);
      modelRoutes(owned, administration);
      actionRoutes(owned, administration);
      downloadRoutes(owned, downloads);
    },
    { prefix: '/model-admin' },
  );
}

function overviewRoutes(app: FastifyInstance, administration: ModelAdministration): void {
  app.get('/', () => administration.overview.read());
  app.get('/servers', async ({ socket }) => ({ servers: await administration.findServers(socket.localPort ?? null) }));
}

function connectionRoutes(app: FastifyInstance, administration: ModelAdministration): void {
  app.post('/connections/try', (request, reply) => {
    const typed = parseBody(tryConnectionRequestSchema, request.body);
    return administration.connections.try(typed, readerGone(reply));
  });

  app.post('/connections', async (request, reply): Promise<CreatedConnection> => {
    const connection = parseBody(createConnectionRequestSchema, request.body);
    const id = await administration.connections.create(connection, readerGone(reply));
    reply.code(201);
    return { ...(await administration.overview.read()), connection_id: id };
  });

  app.patch<ById>('/connections/:id', (request, reply) => {
    const change = parseBody(updateConnectionRequestSchema, request.body);
    return administration.connections.update(request.params.id, change, readerGone(reply));
  });

  app.delete<ById>('/connections/:id', async (request, reply) => {
    await administration.connections.remove(request.params.id);
    return reply.code(204).send();
  });

  app.post<ById>('/connections/:id/models', async (request, reply) => {
    const { models } = parseBody(addModelsRequestSchema, request.body);
    await administration.connections.addModels(request.params.id, models, readerGone(reply));
    reply.code(201);
    return administration.overview.read();
  });

  app.get<ById>('/connections/:id/models', async (request, reply) => ({
    models: await administration.connections.vendorModels(request.params.id, readerGone(reply)),
  }));
}

function modelRoutes(app: FastifyInstance, administration: ModelAdministration): void {
  app.post('/models', async (request, reply) => {
    const name = await createModel(request.body, administration, readerGone(reply));
    reply.code(201);
    return administration.overview.model(name);
  });

  app.patch<ByName>('/models/:name', ({ params: { name }, body }) => {
    const change = parseBody(updateModelRequestSchema, body);
    return modelAfter(name, administration.models.update(name, change), administration);
  });

  app.delete<ByName>('/models/:name', async (request, reply) => {
    const { with_file: withFile } = parseBody(removeQuerySchema, request.query);
    await administration.models.remove(request.params.name, { withFile: withFile === 'true' });
    return reply.code(204).send();
  });
}

function actionRoutes(app: FastifyInstance, administration: ModelAdministration): void {
  for (const action of ['replace', 'release', 'load'] as const) {
    app.post<ByName>(`/models/:name/${action}`, ({ params: { name } }) =>
      modelAfter(name, administration.actions[action](name), administration),
    );
  }

  app.post<ByName>('/models/:name/test', (request, reply) =>
    administration.actions.test(request.params.name, readerGone(reply)),
  );

  app.get<ByName>('/models/:name/log', (request) => administration.actions.log(request.params.name));
}

/** The model as it is once the work is done. */
async function modelAfter(name: string, work: Promise<void>, { overview }: ModelAdministration): Promise<AdminModel> {
  await work;
  return overview.model(name);
}

/** By the one of both forms that the body has, so that a refusal names its field. Answers the model's name. */
async function createModel(body: unknown, administration: ModelAdministration, signal: AbortSignal): Promise<string> {
  const { models, connections } = administration;
  if (typeof body === 'object' && body !== null && 'file' in body)
    return models.create(parseBody(fileModelSchema, body));
  const { connection_id: connectionId, ...model } = parseBody(onlineModelSchema, body);
  return connections.addModel(connectionId, model, signal);
}
