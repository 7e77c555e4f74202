import fastifyCookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import type { GuideLibrary } from '@parley/rag';
import { accountRoutes } from './accounts/accounts.routes.ts';
import type { AccountsService } from './accounts/accounts.service.ts';
import { authenticate } from './accounts/authenticate.ts';
import { tokenRoutes } from './accounts/tokens.routes.ts';
import type { TokensService } from './accounts/tokens.service.ts';
import { chatRoutes } from './chat/chat.routes.ts';
import type { ChatService } from './chat/chat.service.ts';
import { conversationRoutes } from './conversations/conversations.routes.ts';
import type { ConversationsService } from './conversations/conversations.service.ts';
import type { Doors } from './doors/create-doors.ts';
import { doorRoutes } from './doors/door.routes.ts';
import { knowledgeRoutes } from './knowledge/knowledge.routes.ts';
import type { Knowledge } from './knowledge/create-knowledge.ts';
import { retrievalRoutes } from './retrieval/retrieval.routes.ts';
import type { RetrievalService } from './retrieval/retrieval.service.ts';
import { documentRoutes } from './documents/documents.routes.ts';
import { healthRoutes } from './health/health.routes.ts';
import type { ModelAdministration } from './models/administration/create-administration.ts';
import { modelAdminRoutes } from './models/administration/model-admin.routes.ts';
import type { ModelDownloads } from './models/downloads/model-downloads.service.ts';
import { modelRoutes } from './models/models.routes.ts';
import type { ModelsService } from './models/models.service.ts';
import { pageRoutes } from './page/page.routes.ts';
import { guardHost } from './security/guard-host.ts';
import type { Reach } from './security/loopback.ts';
import { setPageHeaders } from './security/page-headers.ts';

/** What the routes need. */
export interface ServerParts {
  accounts: AccountsService;
  tokens: TokensService;
  conversations: ConversationsService;
  chat: ChatService;
  models: ModelsService;
  administration: ModelAdministration;
  downloads: ModelDownloads;
  guide: GuideLibrary;
  knowledge: Knowledge;
  retrieval: RetrievalService;
  doors: Doors;
  secret: string;
  reach: Reach;
  webRoot: string | null;
}

/** Puts the whole HTTP surface of the server on an app. */
export async function buildServer(app: FastifyInstance, parts: ServerParts): Promise<void> {
  app.addHook('onRequest', setPageHeaders);
  app.addHook('onRequest', guardHost(parts.reach));
  await app.register(fastifyCookie);
  app.decorateRequest('account', null);
  app.decorateRequest('credential', null);
  await app.register((api) => apiRoutes(api, parts), { prefix: '/api' });
  doorRoutes(app, parts);
  await pageRoutes(app, parts.webRoot);
}

async function apiRoutes(api: FastifyInstance, parts: ServerParts): Promise<void> {
  api.addHook('onRequest', authenticate(parts));
  // What one account reads must not lie in a cache that another one asks.
  api.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  healthRoutes(api);
  accountRoutes(api, parts.accounts, parts.reach);
  tokenRoutes(api, parts.tokens);
  conversationRoutes(api, parts.conversations);
  chatRoutes(api, parts.chat);
  modelRoutes(api, parts.models);
  modelAdminRoutes(api, parts);
  knowledgeRoutes(api, parts.knowledge);
  retrievalRoutes(api, parts.retrieval);
  documentRoutes(api, parts.guide, parts.knowledge.reading);
}
