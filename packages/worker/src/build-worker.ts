import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { ParleyError } from '@parley/contracts';
import { bearerToken, buildService, isSameSecret } from '@parley/service-kit';
import type { CompletionService } from './completion/completion-service.ts';
import type { ModelConfig } from './config.ts';
import type { Engine } from './engine.ts';
import { answerWithWords } from './provider-words.ts';
import type { Readiness } from './readiness.ts';
import { addChatCompletionRoutes } from './routes/chat-completions.routes.ts';
import { addStatusRoutes } from './routes/status.routes.ts';
import { addTextRoutes } from './routes/texts.routes.ts';
import { addUpstreamModelRoutes } from './routes/upstream-models.routes.ts';
import type { SlotLimiter } from './slot-limiter.ts';
import type { TextService } from './texts/text-service.ts';

/** 32 MiB: a long conversation with a few images. */
const BODY_LIMIT = 32 * 1024 * 1024;

export interface WorkerParts {
  model: ModelConfig;
  secret: string;
  completions: CompletionService;
  texts: TextService;
  slots: SlotLimiter;
  engine: Engine;
  readiness: Readiness;
  startedAt: number;
  logger: FastifyBaseLogger;
}

/** The worker's HTTP side; it does not listen. Everything but `/health` asks for the secret. */
export function buildWorker({ secret, completions, texts, logger, ...facts }: WorkerParts): FastifyInstance {
  // One that makes way for its replacement has said so; what was on its way to it then is not to fail.
  const app = buildService({ name: 'worker', logger, bodyLimit: BODY_LIMIT, answersWhileClosing: true });
  app.register(async (guarded) => {
    guarded.setErrorHandler(answerWithWords);
    guarded.addHook('onRequest', async (request) => {
      const token = bearerToken(request.headers.authorization);
      if (token === null || !isSameSecret(token, secret)) {
        throw new ParleyError('invalid_api_key', 'This worker answers only with the secret of its installation.');
      }
    });
    addStatusRoutes(guarded, facts);
    guarded.register(async (answering) => {
      answering.addHook('onRequest', async () => facts.readiness.refuseUntilReady());
      addChatCompletionRoutes(answering, completions);
      addTextRoutes(answering, texts);
      addUpstreamModelRoutes(answering, facts.engine);
    });
  });
  return app;
}
