import type { FastifyInstance, FastifyRequest } from 'fastify';
import { uploadQuerySchema, type previewFileSchema } from '@parley/contracts';
import { parseBody, readerGone } from '@parley/service-kit';
import type { z } from 'zod';
import { accountOf } from '../accounts/authenticate.ts';
import type { BaseDocumentsService } from './base-documents.service.ts';
import { toMediaType, toShownName } from './file-name.ts';
import { refuseTooLarge, toUploadedBytes, type Upload } from './uploaded-body.ts';

export interface UploadRoutesParts {
  documents: Pick<BaseDocumentsService, 'upload'>;
  previews: { readFile(upload: Upload, signal: AbortSignal): Promise<z.output<typeof previewFileSchema>> };
}

/**
 * The routes whose body is a file: `POST /knowledge-bases/:id/documents` and `…/preview-file`. They
 * live in a context of their own, in which no body is ever parsed or gathered in memory.
 */
export async function uploadRoutes(app: FastifyInstance, { documents, previews }: UploadRoutesParts): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  app.post<{ Params: { id: string } }>('/knowledge-bases/:id/documents', async (request, reply) => {
    const { id } = request.params;
    const document = await withUpload(request, (upload) => documents.upload(accountOf(request).id, id, upload));
    reply.code(201);
    return document;
  });

  app.post('/knowledge-bases/preview-file', (request, reply) =>
    withUpload(request, (upload) => previews.readFile(upload, readerGone(reply))),
  );
}

async function withUpload<Result>(request: FastifyRequest, work: (upload: Upload) => Promise<Result>): Promise<Result> {
  const { name } = parseBody(uploadQuerySchema, request.query);
  refuseTooLarge(request.headers);
  const upload = {
    name: toShownName(name),
    mediaType: toMediaType(request.headers['content-type']),
    bytes: toUploadedBytes(request.body),
  };
  try {
    return await work(upload);
  } finally {
    upload.bytes.destroy();
  }
}
