const KEPT_LINES = 200;
const LONGEST_LINE = 2_000;
/** Shorter values would blank ordinary words. */
const SHORTEST_SECRET = 8;

/** The last lines that the processes of a model wrote, oldest first. */
export class LogRing {
  readonly #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(line.slice(0, LONGEST_LINE));
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  get lines(): string[] {
    return [...this.#lines];
  }
}

/** The line with every secret blanked: a vendor may repeat a key in its complaint about it. */
export function withoutSecrets(line: string, secrets: readonly string[]): string {
  return secrets
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .reduce((text, secret) => text.replaceAll(secret, '[hidden]'), line);
}
