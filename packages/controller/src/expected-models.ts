/** The models that are configured, whether or not a worker serves them now; requests for them wait. */
export class ExpectedModels {
  #names: ReadonlySet<string>;

  constructor(names: readonly string[]) {
    this.#names = new Set(names);
  }

  get names(): string[] {
    return [...this.#names];
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** Takes the place of all names before. */
  replace(names: readonly string[]): void {
    this.#names = new Set(names);
  }
}
