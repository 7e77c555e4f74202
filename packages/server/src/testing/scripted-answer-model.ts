import type { AnswerEvent } from '@parley/rag';
import type { AnswerModel, AnswerTask } from '../chat/answer-model.ts';

/** One answer that a test dictates. */
export class DictatedAnswer {
  readonly task: AnswerTask;
  readonly signal: AbortSignal;
  readonly #steps: (() => AnswerEvent)[] = [];
  #wake: () => void = () => {};

  constructor(task: AnswerTask, signal: AbortSignal) {
    this.task = task;
    this.signal = signal;
  }

  say(text: string): void {
    this.send({ type: 'text-delta', text });
  }

  finish(): void {
    this.send({
      type: 'finish',
      reason: 'stop',
      usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    });
  }

  send(event: AnswerEvent): void {
    this.#push(() => event);
  }

  fail(error: Error): void {
    this.#push(() => {
      throw error;
    });
  }

  /** Deaf to its signal, as a chain that hangs would be. */
  async *events(): AsyncGenerator<AnswerEvent> {
    while (true) {
      const step = this.#steps.shift();
      if (!step) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const event = step();
      yield event;
      if (event.type === 'finish') return;
    }
  }

  #push(step: () => AnswerEvent): void {
    this.#steps.push(step);
    this.#wake();
  }
}

/** A fake chain: a test takes each answer as it is asked for, and says word by word how it goes. */
export class ScriptedAnswerModel implements AnswerModel {
  /** All that were asked for, in order. */
  readonly answers: DictatedAnswer[] = [];
  readonly #waiting: ((answer: DictatedAnswer) => void)[] = [];
  #taken = 0;

  async *answer(task: AnswerTask, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
    const answer = new DictatedAnswer(task, signal);
    this.answers.push(answer);
    this.#hand();
    yield* answer.events();
  }

  /** The next answer that nobody took yet; waits until it is asked for. */
  next(): Promise<DictatedAnswer> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#hand();
    });
  }

  #hand(): void {
    const answer = this.answers[this.#taken];
    if (answer === undefined || this.#waiting.length === 0) return;
    this.#taken += 1;
    this.#waiting.shift()?.(answer);
  }
}
