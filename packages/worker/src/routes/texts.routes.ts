import type { FastifyInstance } from 'fastify';
import { embeddingRequestSchema, rerankRequestSchema } from '@parley/contracts';
import { parseBody, readerGone } from '@parley/service-kit';
import type { TextService } from '../texts/text-service.ts';

/** `POST /v1/embeddings` and `POST /v1/rerank`. */
export function addTextRoutes(app: FastifyInstance, texts: TextService): void {
  app.post('/v1/embeddings', (request, reply) =>
    texts.embed(parseBody(embeddingRequestSchema, request.body), readerGone(reply)),
  );
  app.post('/v1/rerank', (request, reply) =>
    texts.rerank(parseBody(rerankRequestSchema, request.body), readerGone(reply)),
  );
}
