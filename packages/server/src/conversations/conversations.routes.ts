import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { createConversationRequestSchema, renameConversationRequestSchema } from '@parley/contracts';
import { parseBody } from '@parley/service-kit';
import { accountOf } from '../accounts/authenticate.ts';
import type { ConversationsService } from './conversations.service.ts';

const pageQuerySchema = z.object({
  before: z.string().max(128).nullable().default(null),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

interface ById {
  Params: { id: string };
}

/** `/conversations`: list, create, rename, delete, read. */
export function conversationRoutes(app: FastifyInstance, conversations: ConversationsService): void {
  app.get('/conversations', (request) =>
    conversations.page(accountOf(request).id, parseBody(pageQuerySchema, request.query)),
  );

  app.post('/conversations', async (request, reply) => {
    const { name } = parseBody(createConversationRequestSchema, request.body ?? {});
    reply.code(201);
    return conversations.create(accountOf(request).id, name ?? null);
  });

  app.get<ById>('/conversations/:id', (request) => conversations.find(accountOf(request).id, request.params.id));

  app.patch<ById>('/conversations/:id', (request) => {
    const { title } = parseBody(renameConversationRequestSchema, request.body);
    return conversations.rename(accountOf(request).id, request.params.id, title);
  });

  app.delete<ById>('/conversations/:id', async (request, reply) => {
    await conversations.remove(accountOf(request).id, request.params.id);
    return reply.code(204).send();
  });

  app.get<ById>('/conversations/:id/messages', (request) =>
    conversations.messages(accountOf(request).id, request.params.id),
  );
}
