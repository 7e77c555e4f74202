import { ParleyError } from '@parley/contracts';
import type { AnswerRun } from './answer-run.ts';

export interface RunRegistryOptions {
  /** How long the log of a finished run can still be followed. */
  keepMs?: number;
  /** Most finished runs kept; the oldest goes first. */
  maxFinished?: number;
}

/** The answers that are being written, and for some minutes those that were. */
export class RunRegistry {
  readonly #keepMs: number;
  readonly #maxFinished: number;
  readonly #active = new Map<string, AnswerRun>();
  readonly #finished = new Map<string, { run: AnswerRun; timer: NodeJS.Timeout }>();
  #isClosing = false;

  constructor({ keepMs = 5 * 60_000, maxFinished = 200 }: RunRegistryOptions = {}) {
    this.#keepMs = keepMs;
    this.#maxFinished = maxFinished;
  }

  /** Takes a run in. Throws `answer_running` when the same question is being answered already. */
  add(run: AnswerRun): void {
    if (this.#isClosing) {
      throw new ParleyError('server_unreachable', 'Parley is stopping; try again in a moment.', {
        retryAfterSeconds: 2,
      });
    }
    const { questionId, messageId } = run.identity;
    const isAnswered = [...this.#active.values()].some((other) => other.identity.questionId === questionId);
    if (isAnswered) throw new ParleyError('answer_running', 'This question is being answered already.');
    this.#active.set(messageId, run);
    void run.ended.then(() => this.#keep(run));
  }

  /** Takes a run out that never began. */
  discard(run: AnswerRun): void {
    this.#active.delete(run.identity.messageId);
    run.finish('failed');
  }

  /** The run that writes, or lately wrote, this answer of this user. */
  find(userId: string, messageId: string): AnswerRun | null {
    const run = this.#active.get(messageId) ?? this.#finished.get(messageId)?.run;
    return run?.identity.userId === userId ? run : null;
  }

  isActive(messageId: string): boolean {
    return this.#active.has(messageId);
  }

  isRunning(conversationId: string): boolean {
    return this.#ofConversation(conversationId).length > 0;
  }

  /** Stops the conversation's answers; resolves once their ends are stored. */
  async stopConversation(conversationId: string): Promise<void> {
    await Promise.all(this.#ofConversation(conversationId).map((run) => run.stop('stopped')));
  }

  /** Takes no more runs, lets the open ones finish for `graceMs`, then interrupts them; all ends are stored after it. */
  async drain(graceMs: number): Promise<void> {
    this.#isClosing = true;
    const open = [...this.#active.values()];
    const timer = setTimeout(() => void open.map((run) => run.stop('interrupted')), graceMs);
    await Promise.all(open.map((run) => run.ended));
    clearTimeout(timer);
    for (const messageId of this.#finished.keys()) this.#forget(messageId);
  }

  #ofConversation(conversationId: string): AnswerRun[] {
    return [...this.#active.values()].filter((run) => run.identity.conversationId === conversationId);
  }

  #keep(run: AnswerRun): void {
    const { messageId } = run.identity;
    const wasActive = this.#active.delete(messageId);
    if (!wasActive) return;
    this.#finished.set(messageId, { run, timer: setTimeout(() => this.#forget(messageId), this.#keepMs).unref() });
    const [oldest] = this.#finished.keys();
    if (this.#finished.size > this.#maxFinished && oldest !== undefined) this.#forget(oldest);
  }

  #forget(messageId: string): void {
    clearTimeout(this.#finished.get(messageId)?.timer);
    this.#finished.delete(messageId);
  }
}
