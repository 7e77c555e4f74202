import { z } from 'zod';
import { ParleyError, type ChatDelta, type Usage } from '@parley/contracts';
import type { EngineChunk } from '../../engine.ts';

const countSchema = z.number().int().nonnegative().nullish();
const usageSchema = z
  .looseObject({
    input_tokens: countSchema,
    output_tokens: countSchema,
    cache_creation_input_tokens: countSchema,
    cache_read_input_tokens: countSchema,
    output_tokens_details: z.looseObject({ thinking_tokens: countSchema }).nullish(),
  })
  .nullish()
  .catch(null);
type AnthropicUsage = NonNullable<z.output<typeof usageSchema>>;

const wordSchema = z.string().nullish();
const eventSchema = z.looseObject({
  type: z.string(),
  index: z.number().int().nonnegative().nullish(),
  message: z.looseObject({ usage: usageSchema }).nullish(),
  content_block: z
    .looseObject({ type: z.string(), id: wordSchema, name: wordSchema, text: wordSchema, data: wordSchema })
    .nullish(),
  delta: z
    .looseObject({
      type: wordSchema,
      text: wordSchema,
      thinking: wordSchema,
      signature: wordSchema,
      partial_json: wordSchema,
      stop_reason: wordSchema,
    })
    .nullish(),
  usage: usageSchema,
});
type AnthropicEvent = z.output<typeof eventSchema>;

/** Anthropic's stream (platform.claude.com/docs/en/build-with-claude/streaming). */
export const ANTHROPIC_EVENTS = { schema: eventSchema, lastEvent: 'message_stop' };

interface OpenBlock {
  type: string;
  /** Which tool call of the answer it is. */
  call: number;
  hasArguments: boolean;
  thinking: string;
  signature: string;
}

/** One answer's events as OpenAI's chunks. Blocks of kinds that OpenAI's wire does not know are left out. */
export class AnthropicAnswer {
  readonly #blocks = new Map<number, OpenBlock>();
  #calls = 0;
  #thoughts = 0;
  #usage: AnthropicUsage = {};

  /** What an event adds: nothing, or up to two chunks. */
  *read(event: AnthropicEvent): Generator<EngineChunk> {
    this.#count(event.message?.usage ?? event.usage ?? {});
    const delta = this.#deltaOf(event);
    if (delta !== null) yield chunk({ delta });
    const reason = event.type === 'message_delta' ? event.delta?.stop_reason : null;
    if (reason) yield chunk({ delta: {}, finish_reason: toFinishReason(reason), usage: toUsage(this.#usage) });
  }

  /** Later counts are of the whole so far; those that an event leaves out hold. */
  #count(usage: AnthropicUsage): void {
    const said = Object.entries(usage).filter(([, value]) => value !== null && value !== undefined);
    this.#usage = { ...this.#usage, ...Object.fromEntries(said) };
  }

  #deltaOf(event: AnthropicEvent): ChatDelta | null {
    const index = event.index ?? 0;
    switch (event.type) {
      case 'content_block_start':
        return this.#open(index, event.content_block);
      case 'content_block_delta':
        return this.#append(this.#blocks.get(index), event.delta ?? {});
      case 'content_block_stop':
        return this.#close(this.#blocks.get(index));
      default:
        return null;
    }
  }

  #open(index: number, block: AnthropicEvent['content_block']): ChatDelta | null {
    if (!block) return null;
    const open = { type: block.type, call: this.#calls, hasArguments: false, thinking: '', signature: '' };
    this.#blocks.set(index, open);
    if (block.type === 'text') return block.text ? { content: block.text } : null;
    if (block.type === 'redacted_thinking') return this.#thought({ type: block.type, data: block.data ?? '' });
    if (block.type !== 'tool_use') return null;
    this.#calls += 1;
    return toCall(open.call, { id: block.id, type: 'function', function: { name: block.name, arguments: '' } });
  }

  #append(block: OpenBlock | undefined, delta: NonNullable<AnthropicEvent['delta']>): ChatDelta | null {
    if (!block) return null;
    block.thinking += delta.thinking ?? '';
    block.signature += delta.signature ?? '';
    if (delta.text) return { content: delta.text };
    if (delta.thinking) return { reasoning_content: delta.thinking };
    if (block.type !== 'tool_use' || !delta.partial_json) return null;
    block.hasArguments = true;
    return toCall(block.call, { function: { arguments: delta.partial_json } });
  }

  #close(block: OpenBlock | undefined): ChatDelta | null {
    // A tool without parameters gets no arguments at all, which is no JSON.
    if (block?.type === 'tool_use' && !block.hasArguments) return toCall(block.call, { function: { arguments: '{}' } });
    if (block?.type !== 'thinking' || block.signature === '') return null;
    return this.#thought({ type: 'thinking', thinking: block.thinking, signature: block.signature });
  }

  /** Beside `reasoning_content`, signed: a caller who sends it back lets the model go on thinking between tools. */
  #thought(block: Record<string, unknown>): ChatDelta {
    this.#thoughts += 1;
    return { thinking_blocks: [{ index: this.#thoughts - 1, ...block }] };
  }
}

function chunk(fields: Partial<EngineChunk> & { delta: ChatDelta }): EngineChunk {
  return { index: 0, finish_reason: null, usage: null, ...fields };
}

function toCall(index: number, call: Record<string, unknown>): ChatDelta {
  return { tool_calls: [{ index, ...call }] };
}

const REASONS: Record<string, string> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
};

function toFinishReason(reason: string): string {
  if (reason === 'refusal') {
    throw new ParleyError('content_refused', 'Anthropic refused the content of this conversation.');
  }
  return REASONS[reason] ?? 'stop';
}

// What was read from the cache or written to it was part of the prompt.
function toUsage(usage: AnthropicUsage): Usage | null {
  if (Object.keys(usage).length === 0) return null;
  const cached = usage.cache_read_input_tokens ?? 0;
  const prompt = (usage.input_tokens ?? 0) + cached + (usage.cache_creation_input_tokens ?? 0);
  const completion = usage.output_tokens ?? 0;
  const thought = usage.output_tokens_details?.thinking_tokens;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached },
    ...(typeof thought === 'number' && { completion_tokens_details: { reasoning_tokens: thought } }),
  };
}
