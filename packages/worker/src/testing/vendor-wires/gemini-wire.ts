import { providerNamed } from '@parley/contracts';
import { callsOf, frame, STANDARD_USAGE, textOf } from './vendor-wire.ts';
import type { Playback, VendorEnd, VendorWire } from './vendor-wire.ts';

const KEY = `AIza${'fakeVendorKey'.repeat(3).slice(0, 35)}`;

/** ai.google.dev/api: generate-content, models; and its answer to a wrong key, which is a 400. */
export const geminiWire: VendorWire = {
  prefix: '/v1beta',
  key: KEY,
  refuseKey(headers) {
    if (headers['x-goog-api-key'] === KEY) return null;
    const message = 'API key not valid. Please pass a valid API key.';
    const info = {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'API_KEY_INVALID',
      domain: 'googleapis.com',
      metadata: { service: 'generativelanguage.googleapis.com' },
    };
    return { status: 400, body: { error: { code: 400, message, status: 'INVALID_ARGUMENT', details: [info] } } };
  },
  listModels(query) {
    const known = providerNamed('gemini')?.models ?? [];
    const models = known.map(({ id, label, purpose, context_length, capabilities }) => ({
      name: `models/${id}`,
      displayName: label,
      inputTokenLimit: context_length,
      supportedGenerationMethods:
        purpose === 'embedding' ? ['embedContent'] : ['generateContent', 'countTokens', 'createCachedContent'],
      thinking: capabilities.reasoning,
    }));
    const from = Number(query.get('pageToken') ?? 0);
    const to = from + Number(query.get('pageSize') ?? 50);
    const more = to < models.length ? { nextPageToken: String(to) } : {};
    return { status: 200, body: { models: models.slice(from, to), ...more } };
  },
  play: () => new GeminiPlayback(),
};

const REASONS: Record<string, string> = { stop: 'STOP', length: 'MAX_TOKENS', tool_calls: 'STOP' };

/** Each chunk a whole response; calls come whole, and usage counts what was said so far. */
class GeminiPlayback implements Playback {
  /** Arguments of calls whose end has not come. */
  readonly #calls = new Map<number, { name: string; args: string }>();

  begin(): string {
    return '';
  }

  piece(delta: Record<string, unknown>): string {
    for (const { index, function: part } of callsOf(delta)) {
      const { name, args } = this.#calls.get(index) ?? { name: '', args: '' };
      this.#calls.set(index, { name: part.name ?? name, args: args + (part.arguments ?? '') });
    }
    const thought = textOf(delta, 'reasoning_content');
    const text = textOf(delta, 'content');
    const parts = [...(thought ? [{ text: thought, thought: true }] : []), ...(text ? [{ text }] : [])];
    return parts.length > 0 ? this.#chunk({ content: { parts, role: 'model' } }) : '';
  }

  end({ finishReason, usage }: VendorEnd): string {
    const parts = [...this.#calls.values()].map(({ name, args }, place) => ({
      functionCall: { name, args: JSON.parse(args || '{}') as unknown },
      ...(place === 0 && { thoughtSignature: 'EjQKMgEM' }),
    }));
    if (finishReason === null) return '';
    const content = { parts: parts.length > 0 ? parts : [{ text: '' }], role: 'model' };
    return this.#chunk({ content, finishReason: REASONS[finishReason] ?? finishReason }, toMetadata(usage));
  }

  fail({ error }: { error: unknown }): string {
    return frame({ error });
  }

  #chunk(candidate: object, usageMetadata: object = { promptTokenCount: STANDARD_USAGE.prompt_tokens }): string {
    const head = { modelVersion: 'fake', responseId: 'Il0taoSYJ5Cez7IP' };
    return frame({ candidates: [{ ...candidate, index: 0 }], usageMetadata, ...head });
  }
}

function toMetadata(usage: Record<string, unknown>): object {
  const { prompt_tokens, completion_tokens, total_tokens, ...own } = { ...STANDARD_USAGE, ...usage };
  return Object.keys(own).length > 0
    ? own
    : { promptTokenCount: prompt_tokens, candidatesTokenCount: completion_tokens, totalTokenCount: total_tokens };
}
