/** So much of the end of a stream is looked at; a closing chunk with usage has a few hundred bytes. */
const TAIL_BYTES = 16 * 1024;

// Never text of the model, whose quotes are escaped.

/** `[DONE]`, or an error event. */
const LAST_WORD = /^data: ?\[DONE\]|^data: ?\{"error"/m;
/** Of the last chunk it counts: where several answers are written at once, others go on when one has finished. */
const FINISH_REASON = /"finish_reason" ?: ?(?:"|null)/g;

/**
 * Remembers the end of a stream, to tell afterwards whether it was a real one. Looking into every
 * piece would cost more than keeping the last ones.
 */
export class StreamTail {
  #before: Buffer[] = [];
  #latest: Buffer[] = [];
  #latestBytes = 0;

  push(piece: Buffer): void {
    if (this.#latestBytes >= TAIL_BYTES) {
      this.#before = this.#latest;
      this.#latest = [];
      this.#latestBytes = 0;
    }
    this.#latest.push(piece);
    this.#latestBytes += piece.length;
  }

  /** Whether the stream said that it is over. */
  hasFinished(): boolean {
    const tail = Buffer.concat([...this.#before, ...this.#latest]).toString('latin1');
    return LAST_WORD.test(tail) || tail.match(FINISH_REASON)?.at(-1)?.endsWith('"') === true;
  }
}
