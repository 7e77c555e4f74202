import { chatCompletionRequestSchema, type ChatCompletionRequest } from '@parley/contracts';
import { collect, silentLogger } from '@parley/service-kit/testing';
import { modelConfigSchema } from '../config.ts';
import type { Engine, EngineChunk } from '../engine.ts';
import { createEngine } from '../engines/registry.ts';

/** A signal that never aborts. */
export const never = new AbortController().signal;

const NEW_YEAR = () => Date.parse('2026-01-01T00:00:00Z');

/** The engine that these settings name, with a clock that stands unless another is given. The caller closes it. */
export function createTestEngine(settings: object, { now = NEW_YEAR }: { now?: () => number } = {}): Promise<Engine> {
  return createEngine(modelConfigSchema.parse({ name: 'ours', ...settings }), {
    logger: silentLogger(),
    now,
    sleep: async () => undefined,
    scratchFolder: null,
  });
}

/** A question to the model `ours`, with what the test is about. */
export function toRequest(fields: object = {}): ChatCompletionRequest {
  return chatCompletionRequestSchema.parse({ model: 'ours', messages: [{ role: 'user', content: 'Hi' }], ...fields });
}

/** All that the engine answers to it. */
export function ask(engine: Engine, fields?: object): Promise<EngineChunk[]> {
  return collect(engine.generate(toRequest(fields), never));
}

/** What the chunks of one answer say together. */
export function summary(chunks: readonly EngineChunk[]) {
  const text = (field: 'content' | 'reasoning_content') => chunks.map(({ delta }) => delta[field] ?? '').join('');
  return {
    content: text('content'),
    reasoning: text('reasoning_content'),
    calls: chunks.flatMap(({ delta }) => (delta['tool_calls'] ?? []) as unknown[]),
    finishReason: chunks.find(({ finish_reason }) => finish_reason !== null)?.finish_reason ?? null,
    usage: chunks.findLast(({ usage }) => usage !== null)?.usage ?? null,
  };
}
