import type { AnswerStatus, ChatEvent } from '@parley/contracts';
import { EventLog } from '@parley/service-kit';

export type EndStatus = Exclude<AnswerStatus, 'streaming'>;

export interface RunIdentity {
  userId: string;
  conversationId: string;
  questionId: string;
  /** The answer that this run writes. */
  messageId: string;
  model: string;
  requestId: string;
}

/**
 * One answer while it is written. It belongs to the server: readers follow its log, come and go,
 * and only `stop` or `fail` ends it early.
 */
export class AnswerRun {
  readonly identity: RunIdentity;
  readonly log = new EventLog<ChatEvent>();
  /** Resolves with the status once the end is stored. */
  readonly ended: Promise<EndStatus>;
  readonly #end: (status: EndStatus) => void;
  readonly #abort = new AbortController();
  #stoppedAs: 'stopped' | 'interrupted' | null = null;
  #failure: unknown = null;

  constructor(identity: RunIdentity) {
    this.identity = identity;
    const { promise, resolve } = Promise.withResolvers<EndStatus>();
    this.ended = promise;
    this.#end = resolve;
    const { messageId, conversationId, questionId, model } = identity;
    this.log.append({
      type: 'start',
      message_id: messageId,
      conversation_id: conversationId,
      user_message_id: questionId,
      model,
    });
  }

  /** Aborts when the run shall not go on, for whatever reason. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What the run was told to end as; null when nobody stopped it. */
  get stoppedAs(): 'stopped' | 'interrupted' | null {
    return this.#stoppedAs;
  }

  /** What went wrong outside the chain; null when nothing did. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Ends it early; resolves with the stored status. Safe to call again, and after the end. */
  stop(as: 'stopped' | 'interrupted'): Promise<EndStatus> {
    if (!this.signal.aborted) this.#stoppedAs = as;
    this.#abort.abort();
    return this.ended;
  }

  /** Ends it because what it writes cannot be kept. */
  fail(error: unknown): void {
    if (this.signal.aborted) return;
    this.#failure = error;
    this.#abort.abort();
  }

  /** Called once, by whoever writes the answer, after its end is stored. */
  finish(status: EndStatus): void {
    this.log.end();
    this.#end(status);
  }
}
