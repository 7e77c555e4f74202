import type { RetrievalTrace, Source, Usage } from '@parley/contracts';
import type { AnswerEnd } from '../conversations/message-row.ts';
import type { AnswerPiece, MessagesRepository } from '../conversations/messages.repository.ts';
import type { AnswerEvent } from '@parley/rag';
import { toStoredTrace } from '../retrieval/stored-trace.ts';

const FLUSH_INTERVAL_MS = 250;

export interface AnswerRecorderOptions {
  messages: Pick<MessagesRepository, 'append' | 'finish'>;
  messageId: string;
  now: () => number;
  /** Told when a piece could not be stored; the answer should then end. */
  onFailure: (error: unknown) => void;
}

/** Keeps an answer as it grows: in short intervals while it streams, whole at its end. */
export class AnswerRecorder {
  readonly #options: AnswerRecorderOptions;
  readonly #startedAt: number;
  #pending: AnswerPiece = { content: '', reasoning: '', sources: null };
  #content = '';
  #reasoning = '';
  #sources: Source[] = [];
  #trace: RetrievalTrace | null = null;
  #usage: Usage | null = null;
  #finishReason: string | null = null;
  #firstTokenMs: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: AnswerRecorderOptions) {
    this.#options = options;
    this.#startedAt = options.now();
  }

  /** Whether the chain said that the answer is whole. */
  get isWhole(): boolean {
    return this.#finishReason !== null;
  }

  take(event: AnswerEvent): void {
    if (event.type === 'text-delta') this.#takeText(event.text, '');
    else if (event.type === 'reasoning-delta') this.#takeText('', event.reasoning);
    else if (event.type === 'sources') this.#takeSources(event.sources);
    else if (event.type === 'trace') this.#trace = toStoredTrace(event.trace);
    else if (event.type === 'finish') {
      this.#finishReason = event.reason;
      this.#usage = event.usage;
    }
  }

  /** Stores the whole answer with its end, and answers what was stored. */
  async finish({ status, error }: Pick<AnswerEnd, 'status' | 'error'>): Promise<AnswerEnd> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.#flushing;
    const finishedAt = this.#options.now();
    const end: AnswerEnd = {
      status,
      error,
      finish_reason: this.#finishReason,
      usage: this.#usage,
      sources: this.#sources,
      timings: { first_token_ms: this.#firstTokenMs, total_ms: finishedAt - this.#startedAt },
    };
    const text = { content: this.#content, reasoning: this.#reasoning === '' ? null : this.#reasoning };
    const facts = { ...end, trace: this.#trace, finishedAt };
    await this.#options.messages.finish(this.#options.messageId, text, facts);
    return end;
  }

  #takeText(content: string, reasoning: string): void {
    this.#firstTokenMs ??= this.#options.now() - this.#startedAt;
    this.#content += content;
    this.#reasoning += reasoning;
    this.#pending.content += content;
    this.#pending.reasoning += reasoning;
    this.#flushSoon();
  }

  #takeSources(sources: Source[]): void {
    this.#sources = sources;
    this.#pending.sources = sources;
    this.#flushSoon();
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#flushing = this.#flush();
    }, FLUSH_INTERVAL_MS);
  }

  async #flush(): Promise<void> {
    const piece = this.#pending;
    this.#pending = { content: '', reasoning: '', sources: null };
    await this.#options.messages.append(this.#options.messageId, piece).catch(this.#options.onFailure);
  }
}
