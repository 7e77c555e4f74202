import { textOfMessage, type ChatCompletionRequest, type Usage } from '@parley/contracts';
import { estimateTokens } from '@parley/text';
import type { ExtractiveModel } from '../../config.ts';
import type { Engine, EngineChunk, EngineTools } from '../../engine.ts';
import { cutPieces, limitTokens } from './cut-pieces.ts';
import { writeAnswer } from './write-answer.ts';

/** Answers without a model: quotes what the passages in the prompt say to the question, and adds nothing to it. */
export function createExtractiveEngine(model: ExtractiveModel, { sleep }: EngineTools): Engine {
  return {
    async *generate(request, signal) {
      const answer = beforeStop(writeAnswer(request.messages, model.label ?? model.name), request.stop);
      const limit = request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY;
      const { pieces, isWhole } = limitTokens(cutPieces(answer), limit);
      const indexes = [...Array(request.n ?? 1).keys()];
      for (const [place, content] of pieces.entries()) {
        // Also without a pause the event loop gets its turn, or nobody could stop a long answer.
        if (place > 0) await sleep(model.piece_delay_ms, signal);
        for (const index of indexes) yield { ...nothing(index), delta: { content } };
      }
      for (const index of indexes) yield { ...nothing(index), finish_reason: isWhole ? 'stop' : 'length' };
      yield { ...nothing(0), usage: estimateUsage(request, pieces) };
    },
    close: async () => undefined,
  };
}

function nothing(index: number): EngineChunk {
  return { index, delta: {}, finish_reason: null, usage: null };
}

function beforeStop(text: string, stop: ChatCompletionRequest['stop']): string {
  const places = [stop ?? []]
    .flat()
    .filter((word) => word !== '')
    .map((word) => text.indexOf(word))
    .filter((place) => place !== -1);
  return text.slice(0, Math.min(text.length, ...places));
}

function estimateUsage({ messages, n }: ChatCompletionRequest, pieces: readonly string[]): Usage {
  const prompt = messages.reduce((tokens, message) => tokens + estimateTokens(textOfMessage(message)), 0);
  const completion = estimateTokens(pieces.join('')) * (n ?? 1);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}
