import type { FastifyInstance } from 'fastify';
import { createTokenRequestSchema } from '@parley/contracts';
import { parseBody } from '@parley/service-kit';
import { accountOf } from './authenticate.ts';
import type { TokensService } from './tokens.service.ts';

/** `/tokens`: bearer tokens of the account that asks. */
export function tokenRoutes(app: FastifyInstance, tokens: TokensService): void {
  app.get('/tokens', (request) => tokens.list(accountOf(request).id));

  app.post('/tokens', async (request, reply) => {
    const { name } = parseBody(createTokenRequestSchema, request.body ?? {});
    reply.code(201);
    return tokens.create(accountOf(request).id, name);
  });

  app.delete<{ Params: { id: string } }>('/tokens/:id', async (request, reply) => {
    await tokens.revoke(accountOf(request).id, request.params.id);
    return reply.code(204).send();
  });
}
