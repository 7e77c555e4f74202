import { providerNamed } from '@parley/contracts';
import { callsOf, frame, STANDARD_USAGE, textOf } from './vendor-wire.ts';
import type { Playback, Refusal, VendorEnd, VendorWire } from './vendor-wire.ts';

const KEY = 'sk-ant-api03-fakeVendorKey0123456789';

/** platform.claude.com/docs/en: api/messages, build-with-claude/streaming, api/models-list, api/errors. */
export const anthropicWire: VendorWire = {
  prefix: '/anthropic/v1',
  key: KEY,
  refuseKey(headers) {
    if (headers['anthropic-version'] !== '2023-06-01') {
      return refusal(400, 'invalid_request_error', 'anthropic-version: header is required');
    }
    return headers['x-api-key'] === KEY ? null : refusal(401, 'authentication_error', 'invalid x-api-key');
  },
  listModels(query) {
    const models = (providerNamed('anthropic')?.models ?? []).map(({ id, label, context_length, capabilities }) => ({
      type: 'model',
      id,
      display_name: label,
      created_at: '2026-02-04T00:00:00Z',
      max_input_tokens: context_length,
      capabilities: {
        image_input: { supported: capabilities.vision },
        thinking: { supported: capabilities.reasoning },
      },
    }));
    const from = models.findIndex(({ id }) => id === query.get('after_id')) + 1;
    const data = models.slice(from, from + Number(query.get('limit') ?? 20));
    const has_more = from + data.length < models.length;
    const body = { data, has_more, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
    return { status: 200, body };
  },
  play: (body) => new AnthropicPlayback(body),
};

function refusal(status: number, type: string, message: string): Refusal {
  return { status, body: { type: 'error', error: { type, message }, request_id: 'req_018EeWyXxfu5pfWkrYcMdjWG' } };
}

const REASONS: Record<string, string> = { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use' };

/** Blocks that open and close: one for a run of text, one for a run of thoughts, one for each tool. */
class AnthropicPlayback implements Playback {
  readonly #model: unknown;
  #open: string | null = null;
  #index = -1;

  constructor(body: Record<string, unknown>) {
    this.#model = body['model'];
  }

  begin(): string {
    const message = {
      id: 'msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY',
      type: 'message',
      role: 'assistant',
      content: [],
      model: this.#model,
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: STANDARD_USAGE.prompt_tokens, output_tokens: 1 },
    };
    return event({ type: 'message_start', message }) + event({ type: 'ping' });
  }

  piece(delta: Record<string, unknown>): string {
    const thinking = textOf(delta, 'reasoning_content');
    const text = textOf(delta, 'content');
    return [
      thinking && this.#in('thinking', { type: 'thinking', thinking: '', signature: '' }),
      thinking && this.#delta({ type: 'thinking_delta', thinking }),
      text && this.#in('text', { type: 'text', text: '' }),
      text && this.#delta({ type: 'text_delta', text }),
      ...callsOf(delta).flatMap(({ index, id, function: { name, arguments: args } }) => [
        this.#in(`tool_use ${index}`, { type: 'tool_use', id, name, input: {} }),
        args === undefined ? '' : this.#delta({ type: 'input_json_delta', partial_json: args }),
      ]),
    ].join('');
  }

  end({ finishReason, usage }: VendorEnd): string {
    const counts = {
      output_tokens: STANDARD_USAGE.completion_tokens,
      ...(typeof usage['prompt_tokens'] === 'number'
        ? { input_tokens: usage['prompt_tokens'], output_tokens: usage['completion_tokens'] }
        : usage),
    };
    const delta = { stop_reason: REASONS[finishReason ?? ''] ?? finishReason, stop_sequence: null };
    const last = finishReason === null ? '' : event({ type: 'message_delta', delta, usage: counts });
    return this.#close() + last + event({ type: 'message_stop' });
  }

  fail({ error }: { error: unknown }): string {
    return event({ type: 'error', error });
  }

  #in(name: string, content_block: object): string {
    if (this.#open === name) return '';
    const closed = this.#close();
    this.#open = name;
    this.#index += 1;
    return closed + event({ type: 'content_block_start', index: this.#index, content_block });
  }

  #delta(delta: object): string {
    return event({ type: 'content_block_delta', index: this.#index, delta });
  }

  #close(): string {
    if (this.#open === null) return '';
    const signature =
      this.#open === 'thinking' ? this.#delta({ type: 'signature_delta', signature: 'EqQBCgIYAhIM' }) : '';
    this.#open = null;
    return signature + event({ type: 'content_block_stop', index: this.#index });
  }
}

function event(data: { type: string } & Record<string, unknown>): string {
  return frame(data, data.type);
}
