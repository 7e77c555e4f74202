import type { AnthropicModel } from '../../config.ts';
import type { Engine, EngineTools } from '../../engine.ts';
import { createVendorLink } from '../online/vendor-link.ts';
import { ANTHROPIC_EVENTS, AnthropicAnswer } from './from-anthropic-events.ts';
import { fromAnthropicRefusal } from './from-anthropic-refusal.ts';
import { listAnthropicModels } from './list-anthropic-models.ts';
import { toAnthropicRequest } from './to-anthropic-request.ts';

/** Anthropic's Claude models, over the Messages API. */
export function createAnthropicEngine(model: AnthropicModel, { now, logger }: EngineTools): Engine {
  const headers = () => ({ 'x-api-key': model.api_key, 'anthropic-version': '2023-06-01' });
  const link = createVendorLink({ model, headers, toError: fromAnthropicRefusal, logger, now });
  return {
    async *generate(request, signal) {
      const body = toAnthropicRequest(request, link.model);
      const answer = new AnthropicAnswer();
      for await (const event of link.stream('/messages', { body, signal }, ANTHROPIC_EVENTS)) {
        yield* answer.read(event);
      }
    },
    listModels: (signal) => listAnthropicModels((path) => link.get(path, signal)),
    close: link.close,
  };
}
