import { randomUUIDv7 } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import { MODEL_PROVIDERS, type ModelProvider } from '@parley/contracts';
import { GuideLibrary, titleFromQuestion } from '@parley/rag';
import { buildService, createLogger, listen, parseConfig, type RunningService } from '@parley/service-kit';
import { AccountsService } from './accounts/accounts.service.ts';
import { SessionsRepository } from './accounts/sessions.repository.ts';
import { TokensRepository } from './accounts/tokens.repository.ts';
import { TokensService } from './accounts/tokens.service.ts';
import { UsersRepository } from './accounts/users.repository.ts';
import { buildServer, type ServerParts } from './build-server.ts';
import type { AnswerModel } from './chat/answer-model.ts';
import { ChatService } from './chat/chat.service.ts';
import { ExchangeRepository } from './chat/exchange.repository.ts';
import { GatewayClient } from './chat/gateway-client.ts';
import { RagAnswerModel } from './chat/rag-answer-model.ts';
import { RunRegistry } from './chat/run-registry.ts';
import { serverConfigSchema, type ServerConfig, type ServerConfigInput } from './config.ts';
import { ConversationBasesRepository } from './conversations/conversation-bases.repository.ts';
import { ConversationsRepository } from './conversations/conversations.repository.ts';
import { ConversationsService } from './conversations/conversations.service.ts';
import { MessagesRepository } from './conversations/messages.repository.ts';
import { openDatabase } from './database/open-database.ts';
import type { Database } from './database/schema.ts';
import { createDoors } from './doors/create-doors.ts';
import { readGuide } from './documents/read-guide.ts';
import type { ModelHost } from './models/model-host.ts';
import { createModels, type Models } from './models/create-models.ts';
import { openKnowledge, type OpenedKnowledge } from './open-knowledge.ts';

export type { ModelHost } from './models/model-host.ts';
export { serverConfigSchema, type ServerConfig, type ServerConfigInput } from './config.ts';

/** How long readers may take over the last bytes once all answers have ended. */
const LAST_BYTES_MS = 500;

/** What tests put in the place of the world. */
export interface ServerSeams {
  now?: () => number;
  newId?: () => string;
  logger?: FastifyBaseLogger;
  answerModel?: AnswerModel;
  /** Who runs the models' processes; without one they are shown, and cannot be changed. */
  modelHost?: ModelHost;
  /** The vendors and servers that can be connected. */
  providers?: readonly ModelProvider[];
}

interface Core extends ServerParts {
  db: Kysely<Database>;
  runs: RunRegistry;
  gateway: GatewayClient;
  opened: OpenedKnowledge;
  modelParts: Models;
}

/**
 * Starts the application server: migrates the database, reads the guide, listens. Rejects with
 * the reason when one of these fails. `close` lets running answers finish for `stop_grace_ms`.
 */
export async function startServer(settings: ServerConfigInput, seams: ServerSeams = {}): Promise<RunningService> {
  const config = parseConfig('server', serverConfigSchema, settings);
  const logger = seams.logger ?? createLogger('server', config.log_level);
  const core = await createCore(config, { ...seams, logger });
  const app = buildService({ name: 'server', logger, bodyLimit: config.body_limit_bytes });
  try {
    await buildServer(app, core);
    const address = await listen(app, config);
    core.opened.start();
    core.modelParts.start();
    let closing: Promise<void> | null = null;
    return { address, close: () => (closing ??= close(app, core, config.stop_grace_ms)) };
  } catch (error) {
    await close(app, core, 0);
    throw error;
  }
}

async function createCore(config: ServerConfig, seams: ServerSeams & { logger: FastifyBaseLogger }): Promise<Core> {
  const { now = Date.now, newId = randomUUIDv7, logger } = seams;
  const guide = new GuideLibrary(await readGuide(config.guide_root));
  const db = await openDatabase({ home: config.home, now });
  const messages = new MessagesRepository(db);
  const interrupted = await messages.interruptStreaming(now());
  if (interrupted > 0) logger.warn({ answers: interrupted }, 'answers of a server that died are marked interrupted');
  const conversations = new ConversationsRepository(db);
  const gateway = new GatewayClient({ url: config.gateway_url.replace(/\/$/, ''), secret: config.secret });
  const users = new UsersRepository(db);
  const { modelHost: host = null, providers = MODEL_PROVIDERS } = seams;
  const modelParts = createModels({ db, config, users, gateway, host, providers, logger, now, newId });
  const { models } = modelParts;
  const runs = new RunRegistry();
  const memory = { maxTurns: config.memory_turns, tokenBudget: config.memory_tokens };
  const opened = openKnowledge({ db, config, gateway, messages, models, now, newId, logger });
  const { knowledge, search, retrieval, ingestion } = opened;
  const answerModel = seams.answerModel ?? new RagAnswerModel({ guide, knowledge: search, memory });
  const writing = { answerModel, messages, conversations, toTitle: titleFromQuestion, now, logger };
  const { embedding_model: embeddingModel } = config;
  const exchanges = new ExchangeRepository(db);
  const conversationBases = new ConversationBasesRepository(db);
  const chatting = { exchanges, runs, models, gateway, conversationBases, access: knowledge.access, newId };
  return {
    ...createAccounts(db, config, { users, now, newId }),
    ...modelParts,
    modelParts,
    db,
    runs,
    gateway,
    guide,
    opened,
    knowledge,
    retrieval,
    doors: createDoors({ db, knowledge, ingestion, search, embeddingModel, now, newId, logger }),
    conversations: new ConversationsService({
      conversations,
      messages,
      runs,
      now,
      newId,
      bases: conversationBases,
      removeFiles: (baseId) => ingestion.removeBase(baseId),
    }),
    chat: new ChatService({ ...writing, ...chatting, memoryTurns: config.memory_turns }),
    secret: config.secret,
    reach: { host: config.host, allowedHosts: config.allowed_hosts.map((name) => name.toLowerCase()) },
    webRoot: config.web_root,
  };
}

function createAccounts(
  db: Kysely<Database>,
  config: ServerConfig,
  { users, ...seams }: { users: UsersRepository; now: () => number; newId: () => string },
) {
  const sessions = new SessionsRepository(db);
  return {
    accounts: new AccountsService({ users, sessions, sessionDays: config.session_days, ...seams }),
    tokens: new TokensService({ tokens: new TokensRepository(db), ...seams }),
  };
}

// New connections are refused at once; open streams end with their answers, and only then the file closes.
async function close(
  app: FastifyInstance,
  { runs, gateway, db, opened, modelParts }: Core,
  graceMs: number,
): Promise<void> {
  const closing = app.close();
  await runs.drain(graceMs);
  const patience = new AbortController();
  await Promise.race([closing, delay(LAST_BYTES_MS, undefined, { signal: patience.signal }).catch(() => {})]);
  patience.abort();
  app.server.closeAllConnections();
  await closing;
  await modelParts.close();
  await opened.close();
  gateway.close();
  await db.destroy();
}
