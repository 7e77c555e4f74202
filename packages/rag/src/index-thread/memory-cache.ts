/**
 * Keeps what was used last within a limit of bytes. What is asked for is loaded, whatever its size;
 * others go for it.
 */
export class MemoryCache<Value extends { readonly bytes: number }> {
  /** The one that was used longest ago first. */
  readonly #values = new Map<number, Value>();
  readonly #limit: number;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  get bytes(): number {
    return [...this.#values.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** What is in memory now; null: it is not. */
  peek(key: number): Value | null {
    return this.#values.get(key) ?? null;
  }

  get(key: number, load: () => Value): Value {
    const value = this.#values.get(key) ?? load();
    this.#values.delete(key);
    this.#values.set(key, value);
    this.#shrink();
    return value;
  }

  drop(key: number): void {
    this.#values.delete(key);
  }

  // Never the last: it is in use.
  #shrink(): void {
    let bytes = this.bytes;
    for (const [key, value] of this.#values) {
      if (bytes <= this.#limit || this.#values.size === 1) return;
      bytes -= value.bytes;
      this.#values.delete(key);
    }
  }
}
