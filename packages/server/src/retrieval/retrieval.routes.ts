import type { FastifyInstance } from 'fastify';
import {
  evaluateRequestSchema,
  feedbackRequestSchema,
  searchRequestSchema,
  type PromptLibrary,
  type RetrievalTrace,
} from '@parley/contracts';
import { PROMPT_TEXTS } from '@parley/rag';
import { parseBody, readerGone } from '@parley/service-kit';
import { accountOf } from '../accounts/authenticate.ts';
import type { RetrievalService } from './retrieval.service.ts';

interface ById {
  Params: { id: string };
}

/** Search, prompts, evaluation, and what became of an answer: trace and thumb. */
export function retrievalRoutes(app: FastifyInstance, retrieval: RetrievalService): void {
  app.get('/prompts', (): PromptLibrary => ({
    en: PROMPT_TEXTS.en['answer-from-passages'],
    zh: PROMPT_TEXTS.zh['answer-from-passages'],
  }));

  app.post('/knowledge-bases/search', async (request, reply): Promise<RetrievalTrace> => {
    const search = parseBody(searchRequestSchema, request.body);
    return retrieval.search(accountOf(request).id, search, readerGone(reply));
  });

  app.post<ById>('/knowledge-bases/:id/evaluate', async (request, reply) => {
    const { tune, dense_weight } = parseBody(evaluateRequestSchema, request.body ?? {});
    const task = { baseId: request.params.id, tune, denseWeight: dense_weight ?? null };
    return retrieval.evaluate(accountOf(request).id, task, readerGone(reply));
  });

  app.get<ById>('/messages/:id/trace', (request) => retrieval.trace(accountOf(request).id, request.params.id));

  app.put<ById>('/messages/:id/feedback', async (request, reply) => {
    const { score } = parseBody(feedbackRequestSchema, request.body);
    await retrieval.feedback(accountOf(request).id, request.params.id, score);
    return reply.code(204).send();
  });
}
