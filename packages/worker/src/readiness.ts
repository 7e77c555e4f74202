import { ParleyError } from '@parley/contracts';

/** Whether the engine has read what it needs, and how far it is with it. */
export class Readiness {
  readonly #modelName: string;
  #isReady = false;
  #percent: number | null = null;

  constructor(modelName: string) {
    this.#modelName = modelName;
  }

  get state(): 'loading' | 'ready' {
    return this.#isReady ? 'ready' : 'loading';
  }

  /** 0 to 100; null while nobody knows, and when nothing is being read any more. */
  get loadingPercent(): number | null {
    return this.#isReady ? null : this.#percent;
  }

  report(percent: number | null): void {
    this.#percent = percent;
  }

  finish(): void {
    this.#isReady = true;
  }

  /** Throws `model_loading` until the engine is ready. */
  refuseUntilReady(): void {
    if (this.#isReady) return;
    throw new ParleyError('model_loading', `${this.#modelName} is being loaded; try again in a moment.`, {
      retryAfterSeconds: 1,
    });
  }
}
