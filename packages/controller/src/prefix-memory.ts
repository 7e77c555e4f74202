/** A conversation's beginning is 16 letters, its model's name and a worker's: some 5 MB when full. */
const MAX_REMEMBERED = 20_000;

/**
 * Which worker answered a conversation last: its memory holds that beginning, and reads only what
 * is new. Forgets what was used longest ago.
 */
export class PrefixMemory {
  readonly #workers = new Map<string, string>();

  /** `prefixes` as in a lease request; only the whole prompt is kept, because shorter beginnings were kept before. */
  remember(workerName: string, model: string, prefixes: readonly string[]): void {
    const whole = prefixes.at(-1);
    if (whole === undefined) return;
    const key = toKey(model, whole);
    this.#workers.delete(key);
    this.#workers.set(key, workerName);
    if (this.#workers.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#workers.keys();
    if (oldest !== undefined) this.#workers.delete(oldest);
  }

  /** The worker of the model that holds the longest of these beginnings; null when none is known. */
  holderOf(model: string, prefixes: readonly string[]): string | null {
    for (const prefix of prefixes.toReversed()) {
      const worker = this.#workers.get(toKey(model, prefix));
      if (worker !== undefined) return worker;
    }
    return null;
  }
}

/** What one model has read is nothing to another. */
function toKey(model: string, prefix: string): string {
  return `${prefix} ${model}`;
}
