import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { chatRequestSchema, regenerateRequestSchema } from '@parley/contracts';
import { parseBody } from '@parley/service-kit';
import { accountOf } from '../accounts/authenticate.ts';
import type { Asker, ChatService } from './chat.service.ts';
import { followAnswer } from './follow-answer.ts';

const followQuerySchema = z.object({ after: z.coerce.number().int().nonnegative().optional() });

interface ById {
  Params: { id: string };
}

/** `/chat` and `/messages`: ask, ask anew, stop, follow. */
export function chatRoutes(app: FastifyInstance, chat: ChatService): void {
  app.post('/chat', async (request, reply) => {
    const run = await chat.ask(askerOf(request), parseBody(chatRequestSchema, request.body));
    await followAnswer(reply, run, null);
  });

  app.post<ById>('/messages/:id/regenerate', async (request, reply) => {
    const body = parseBody(regenerateRequestSchema, request.body ?? {});
    const run = await chat.regenerate(askerOf(request), request.params.id, body);
    await followAnswer(reply, run, null);
  });

  app.post<ById>('/messages/:id/stop', (request) => chat.stop(accountOf(request).id, request.params.id));

  app.get<ById>('/messages/:id/events', async (request, reply) => {
    const { after } = parseBody(followQuerySchema, request.query);
    const answer = await chat.find(accountOf(request).id, request.params.id);
    await followAnswer(reply, answer, lastEventId(request) ?? after ?? null);
  });
}

// A browser sends back what it was sent; anything else counts as nothing seen.
function lastEventId({ headers }: FastifyRequest): number | null {
  const value = headers['last-event-id'];
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : null;
}

function askerOf(request: FastifyRequest): Asker {
  return { account: accountOf(request), requestId: request.id };
}
