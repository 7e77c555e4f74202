import type { FastifyInstance } from 'fastify';
import { ParleyError, type DocumentList, type DocumentView } from '@parley/contracts';
import type { GuideDocument, GuideLibrary } from '@parley/rag';

/** `/documents`: the pages of the guide, which all accounts share. */
export function documentRoutes(app: FastifyInstance, guide: Pick<GuideLibrary, 'list' | 'find'>): void {
  app.get('/documents', (): DocumentList => ({ documents: guide.list().map(toHead) }));

  app.get<{ Params: { id: string } }>('/documents/:id', (request): DocumentView => {
    const document = guide.find(request.params.id);
    if (document === null) throw new ParleyError('document_not_found', 'There is no such document.');
    return { ...toHead(document), text: document.text };
  });
}

function toHead({ id, title, language }: GuideDocument): Omit<DocumentView, 'text'> {
  return { id, title, language, media_type: 'text/markdown' };
}
