/** A fake clock for tests: stands still until it is told to go on. */
export class FakeClock {
  #ms = 1_000_000;

  readonly now = (): number => this.#ms;

  advance(ms: number): void {
    this.#ms += ms;
  }
}
