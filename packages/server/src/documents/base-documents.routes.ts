import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import {
  addPagesRequestSchema,
  editTextRequestSchema,
  updateChunkRequestSchema,
  updateDocumentRequestSchema,
} from '@parley/contracts';
import { parseBody } from '@parley/service-kit';
import { accountOf } from '../accounts/authenticate.ts';
import type { DocumentChanges } from '../knowledge/document-changes.ts';
import type { BaseDocumentsService } from './base-documents.service.ts';
import { followDocuments } from './follow-documents.ts';

const pageQuerySchema = z.object({
  after: z.string().max(128).nullable().default(null),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** A million units of the schema may be six bytes each in JSON. */
const TEXT_BODY_LIMIT = 8 * 1024 * 1024;

interface ById {
  Params: { id: string };
}

export interface BaseDocumentRoutesParts {
  documents: BaseDocumentsService;
  changes: DocumentChanges;
}

/** `/knowledge-bases/:id/documents`, `…/pages` and `…/events`: list, read, add web pages, follow. */
export function documentListRoutes(app: FastifyInstance, { documents, changes }: BaseDocumentRoutesParts): void {
  const closing = new AbortController();
  app.addHook('preClose', (done) => {
    closing.abort();
    done();
  });

  app.get<ById>('/knowledge-bases/:id/documents', (request) =>
    documents.page(accountOf(request).id, request.params.id, parseBody(pageQuerySchema, request.query)),
  );

  app.get<{ Params: { id: string; documentId: string } }>('/knowledge-bases/:id/documents/:documentId', (request) =>
    documents.read(accountOf(request).id, request.params.id, request.params.documentId),
  );

  app.post<ById>('/knowledge-bases/:id/pages', async (request, reply) => {
    const body = parseBody(addPagesRequestSchema, request.body);
    const added = await documents.addPages(accountOf(request).id, request.params.id, body);
    reply.code(201);
    return added;
  });

  app.get<ById>('/knowledge-bases/:id/events', { exposeHeadRoute: false }, async (request, reply) => {
    const { id: userId } = accountOf(request);
    const { id: baseId } = request.params;
    await documents.requireReader(userId, baseId);
    const changeOf = (id: string) => documents.changeOf(userId, baseId, id);
    await followDocuments(reply, { changes, baseId, changeOf, closing: closing.signal });
  });
}

/** `/documents/:id` and `/chunks/:id`: change, remove, cancel, begin again, edit. */
export function documentChangeRoutes(app: FastifyInstance, documents: BaseDocumentsService): void {
  app.patch<ById>('/documents/:id', (request) => {
    const { title, is_enabled } = parseBody(updateDocumentRequestSchema, request.body);
    const change = { title: title ?? null, isEnabled: is_enabled ?? null };
    return documents.update(accountOf(request).id, request.params.id, change);
  });

  app.delete<ById>('/documents/:id', async (request, reply) => {
    await documents.remove(accountOf(request).id, request.params.id);
    return reply.code(204).send();
  });

  app.post<ById>('/documents/:id/cancel', (request) => documents.cancel(accountOf(request).id, request.params.id));

  app.post<ById>('/documents/:id/retry', (request) => documents.retry(accountOf(request).id, request.params.id));

  app.post<ById>('/documents/:id/refresh', (request) => documents.refresh(accountOf(request).id, request.params.id));

  app.put<ById>('/documents/:id/text', { bodyLimit: TEXT_BODY_LIMIT }, (request) => {
    const edit = parseBody(editTextRequestSchema, request.body);
    return documents.editText(accountOf(request).id, request.params.id, edit);
  });

  app.patch<ById>('/chunks/:id', (request) => {
    const { is_enabled } = parseBody(updateChunkRequestSchema, request.body);
    return documents.setChunkEnabled(accountOf(request).id, request.params.id, is_enabled);
  });
}
