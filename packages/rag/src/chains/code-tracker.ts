/** As much of a line as tells whether it opens or closes a fence. */
const LOOK_AT = 200;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** Follows Markdown as it streams, and knows whether the place that it reached is inside code. */
export class CodeTracker {
  #fence: string | null = null;
  /** Backticks that opened code in this line; 0 outside. The end of the line ends it in any case. */
  #inline = 0;
  #isOpening = false;
  /** Backticks that stand right before this place, inside such code. */
  #run = 0;
  #line = '';

  /** Nothing but blanks stands in the line so far. */
  get isLineBlank(): boolean {
    return this.#line.trim() === '';
  }

  /** Whether `next`, the character after what was followed, is inside code or opens some. */
  isInside(next: string): boolean {
    if (this.#fence !== null || next === '`') return true;
    return this.#inline > 0 && (this.#isOpening || this.#run !== this.#inline);
  }

  follow(text: string): void {
    for (const character of text) this.#step(character);
  }

  #step(character: string): void {
    if (character === '\n') return this.#endLine();
    if (this.#line.length < LOOK_AT) this.#line += character;
    if (this.#fence !== null) return;
    if (character === '`') this.#countBacktick();
    else this.#endRun();
  }

  #countBacktick(): void {
    if (this.#inline > 0 && !this.#isOpening) this.#run += 1;
    else {
      this.#inline += 1;
      this.#isOpening = true;
    }
  }

  #endRun(): void {
    if (!this.#isOpening && this.#run === this.#inline) this.#inline = 0;
    this.#isOpening = false;
    this.#run = 0;
  }

  #endLine(): void {
    const mark = FENCE.exec(this.#line)?.[1] ?? null;
    if (this.#fence === null) this.#fence = mark;
    else if (mark?.startsWith(this.#fence) && this.#line.trim() === mark) this.#fence = null;
    this.#line = '';
    this.#inline = 0;
    this.#isOpening = false;
    this.#run = 0;
  }
}
