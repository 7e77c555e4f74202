/** Follows one JSON object or list to its end, however it comes in pieces. */
export class JsonEnd {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #hasBegun = false;
  #isReached = false;

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get isReached(): boolean {
    return this.#isReached;
  }

  /** As much of `text` as belongs to the value. */
  take(text: string): string {
    let place = 0;
    this.#hasBegun ||= text !== '';
    while (place < text.length && !this.#isReached) {
      this.#step(text.charAt(place));
      place += 1;
    }
    return text.slice(0, place);
  }

  #step(character: string): void {
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (character === '\\') this.#isEscaped = true;
      else if (character === '"') this.#isInString = false;
      return;
    }
    if (character === '"') this.#isInString = true;
    else if (character === '{' || character === '[') this.#depth += 1;
    else if (character === '}' || character === ']') this.#depth -= 1;
    this.#isReached = this.#depth <= 0 && (character === '}' || character === ']');
  }
}
