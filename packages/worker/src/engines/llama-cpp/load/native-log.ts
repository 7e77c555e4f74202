import type { FastifyBaseLogger } from 'fastify';

const KEPT_LINES = 20;

/** What llama.cpp writes while it works: debug lines of our log, the last problems kept for a sentence. */
export class NativeLog {
  readonly #logger: FastifyBaseLogger;
  #problems: string[] = [];

  constructor(logger: FastifyBaseLogger) {
    this.#logger = logger;
  }

  /** llama.cpp's own words of what went wrong last. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  readonly write = (level: string, message: string): void => {
    const line = message.trim();
    if (line === '') return;
    this.#logger.debug({ level, line }, 'llama.cpp');
    if (level === 'error' || level === 'fatal') this.#problems = [...this.#problems, line].slice(-KEPT_LINES);
  };
}
