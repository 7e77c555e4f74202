import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  addJudgementRequestSchema,
  chooseEmbeddingModelRequestSchema,
  createBaseRequestSchema,
  previewRequestSchema,
  sharingSchema,
  updateBaseRequestSchema,
} from '@parley/contracts';
import { parseBody, readerGone } from '@parley/service-kit';
import { accountOf } from '../accounts/authenticate.ts';
import { documentChangeRoutes, documentListRoutes } from '../documents/base-documents.routes.ts';
import { documentContentRoutes } from '../documents/document-contents.routes.ts';
import { uploadRoutes } from '../documents/uploads.routes.ts';
import type { BasesService } from './bases.service.ts';
import type { Knowledge } from './create-knowledge.ts';

const judgementSchema = addJudgementRequestSchema.extend({ query: z.string().trim().min(1).max(16_000) });

interface ById {
  Params: { id: string };
}

/** All routes of knowledge bases and their documents, but for search and answers. */
export function knowledgeRoutes(app: FastifyInstance, knowledge: Knowledge): void {
  baseRoutes(app, knowledge.bases);
  sharingRoutes(app, knowledge);
  indexRoutes(app, knowledge.bases);
  qualityRoutes(app, knowledge);
  documentListRoutes(app, knowledge);
  documentChangeRoutes(app, knowledge.documents);
  documentContentRoutes(app, knowledge.reading);
  app.register((uploads) => uploadRoutes(uploads, knowledge));
}

function baseRoutes(app: FastifyInstance, bases: BasesService): void {
  app.get('/knowledge-bases', (request) => bases.list(accountOf(request).id));

  app.post('/knowledge-bases', async (request, reply) => {
    const base = await bases.create(accountOf(request).id, parseBody(createBaseRequestSchema, request.body));
    reply.code(201);
    return base;
  });

  app.get<ById>('/knowledge-bases/:id', (request) => bases.read(accountOf(request).id, request.params.id));

  app.patch<ById>('/knowledge-bases/:id', (request) => {
    const { body } = request;
    const change = parseBody(updateBaseRequestSchema, body);
    const given = (body as { settings?: unknown }).settings;
    return bases.update(accountOf(request).id, request.params.id, { ...change, given });
  });

  app.delete<ById>('/knowledge-bases/:id', async (request, reply) => {
    await bases.remove(accountOf(request).id, request.params.id);
    return reply.code(204).send();
  });
}

function sharingRoutes(app: FastifyInstance, { sharing, files }: Knowledge): void {
  app.get<ById>('/knowledge-bases/:id/sharing', (request) => sharing.read(accountOf(request).id, request.params.id));

  app.put<ById>('/knowledge-bases/:id/sharing', (request) =>
    sharing.replace(accountOf(request).id, request.params.id, parseBody(sharingSchema, request.body)),
  );

  app.post<ById>('/conversations/:id/files-base', (request) => files.require(accountOf(request).id, request.params.id));
}

function indexRoutes(app: FastifyInstance, bases: BasesService): void {
  app.put<ById>('/knowledge-bases/:id/embedding-model', (request) => {
    const { model } = parseBody(chooseEmbeddingModelRequestSchema, request.body);
    return bases.chooseModel(accountOf(request).id, request.params.id, model);
  });

  app.post<{ Params: { id: string; spaceId: string } }>('/knowledge-bases/:id/spaces/:spaceId/activate', (request) =>
    bases.activateSpace(accountOf(request).id, request.params.id, request.params.spaceId),
  );

  app.post<ById>('/knowledge-bases/:id/verify', (request) => bases.verify(accountOf(request).id, request.params.id));

  app.post<ById>('/knowledge-bases/:id/rebuild', (request) => bases.rebuild(accountOf(request).id, request.params.id));
}

function qualityRoutes(app: FastifyInstance, { judgements, searches, previews }: Knowledge): void {
  app.get<ById>('/knowledge-bases/:id/searches', (request) => searches.list(accountOf(request).id, request.params.id));

  app.get<ById>('/knowledge-bases/:id/judgements', (request) =>
    judgements.list(accountOf(request).id, request.params.id),
  );

  app.post<ById>('/knowledge-bases/:id/judgements', async (request, reply) => {
    const body = parseBody(judgementSchema, request.body);
    const judgement = await judgements.pin(accountOf(request).id, request.params.id, body);
    reply.code(201);
    return judgement;
  });

  app.delete<{ Params: { id: string; judgementId: string } }>(
    '/knowledge-bases/:id/judgements/:judgementId',
    async (request, reply) => {
      const { id, judgementId } = request.params;
      await judgements.remove(accountOf(request).id, id, judgementId);
      return reply.code(204).send();
    },
  );

  app.post('/knowledge-bases/preview', (request, reply) =>
    previews.cut(parseBody(previewRequestSchema, request.body), readerGone(reply)),
  );
}
