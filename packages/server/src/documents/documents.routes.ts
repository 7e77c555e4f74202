import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { DocumentList, DocumentView } from '@parley/contracts';
import type { GuideDocument, GuideLibrary } from '@parley/rag';
import { parseBody } from '@parley/service-kit';
import { accountOf } from '../accounts/authenticate.ts';
import type { DocumentReadingService } from './document-reading.service.ts';

const versionQuerySchema = z.object({ version: z.string().min(1).max(64).nullable().default(null) });

/**
 * `/documents` and `/documents/:id`: the pages of the guide, which all accounts share, and the
 * documents of bases, which are read one by one.
 */
export function documentRoutes(
  app: FastifyInstance,
  guide: Pick<GuideLibrary, 'list' | 'find'>,
  reading: Pick<DocumentReadingService, 'readText'>,
): void {
  app.get('/documents', (): DocumentList => ({ documents: guide.list().map(toHead) }));

  app.get<{ Params: { id: string } }>('/documents/:id', async (request, reply) => {
    const { id } = request.params;
    const page = guide.find(id);
    if (page !== null) return { ...toHead(page), text: page.text };
    const { version } = parseBody(versionQuerySchema, request.query);
    reply.type('application/json; charset=utf-8');
    return reading.readText(accountOf(request).id, id, version);
  });
}

function toHead({ id, title, language }: GuideDocument): Omit<DocumentView, 'text'> {
  const stored = { base_id: null, version_id: null, pages: [], has_file: false };
  return { id, ...stored, title, language, media_type: 'text/markdown' };
}
