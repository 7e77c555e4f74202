import { ParleyError, type ChatDelta, type ChunkExtension, type Usage } from '@parley/contracts';
import type { EngineChunk } from '../engine.ts';

/** What all chunks of one answer share. */
export interface AnswerHead {
  id: string;
  /** Seconds since 1970. */
  created: number;
  model: string;
}

export interface WireChoice {
  index: number;
  delta: ChatDelta;
  logprobs?: unknown;
  finish_reason: string | null;
}

/** One `data:` of OpenAI's streamed chat completion. */
export interface WireChunk extends AnswerHead {
  object: 'chat.completion.chunk';
  choices: WireChoice[];
  usage?: Usage | null;
  parley?: ChunkExtension;
}

type FilledPart = { extension: ChunkExtension | undefined } & Pick<EngineChunk, 'index' | 'delta' | 'logprobs'>;

/**
 * Brings an engine's chunks into OpenAI's form, whatever their own is: the role comes first and
 * once, the finish reason in a chunk with an empty delta, usage in a chunk without choices and
 * only when asked for. Our own extension stands beside the text that it belongs to; how far the
 * prompt is stands in a chunk without choices.
 */
export class ChunkShaper {
  readonly #head: Omit<WireChunk, 'choices'>;
  readonly #includesUsage: boolean;
  readonly #begun = new Set<number>();
  readonly #finished = new Set<number>();
  #usage: Usage | null = null;

  constructor(head: AnswerHead, { includesUsage }: { includesUsage: boolean }) {
    const { id, created, model } = head;
    this.#head = { id, object: 'chat.completion.chunk', created, model };
    this.#includesUsage = includesUsage;
  }

  /** The wire chunks that one engine chunk becomes: none, or up to three. */
  *shape({
    index,
    delta: { role: _role, ...delta },
    finish_reason,
    usage,
    logprobs,
    extension,
  }: EngineChunk): Generator<WireChunk> {
    this.#usage = usage ?? this.#usage;
    if (extension?.prompt_percent !== undefined) {
      yield { ...this.#head, choices: [], parley: { prompt_percent: extension.prompt_percent } };
    }
    const isFilled = Object.values(delta).some(isSomething) || isSomething(logprobs);
    if (!isFilled && finish_reason === null) return;
    if (!this.#begun.has(index)) {
      this.#begun.add(index);
      yield this.#chunk({ index, delta: { role: 'assistant', content: '' }, finish_reason: null });
    }
    if (isFilled) yield this.#filled({ index, delta, logprobs, extension });
    if (finish_reason !== null && !this.#finished.has(index)) {
      this.#finished.add(index);
      yield this.#chunk({ index, delta: {}, finish_reason });
    }
  }

  /** What comes after the engine's last chunk. Throws `stream_interrupted` when an answer has no end. */
  *end(): Generator<WireChunk> {
    if (this.#begun.size === 0 || this.#finished.size < this.#begun.size) {
      throw new ParleyError('stream_interrupted', 'The answer broke off before its end.');
    }
    if (this.#includesUsage && this.#usage !== null) yield { ...this.#head, choices: [], usage: this.#usage };
  }

  #filled({ index, delta, logprobs, extension }: FilledPart): WireChunk {
    const choice = { index, delta, ...(isSomething(logprobs) && { logprobs }), finish_reason: null };
    return { ...this.#chunk(choice), ...(extension && { parley: extension }) };
  }

  #chunk(choice: WireChoice): WireChunk {
    return { ...this.#head, choices: [choice], ...(this.#includesUsage && { usage: null }) };
  }
}

function isSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}
