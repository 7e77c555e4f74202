/** So much of the end of a stream is looked at; a closing chunk with usage has a few hundred bytes. */
const TAIL_BYTES = 16 * 1024;

/** `[DONE]`, a finish reason that is not null, or an error event; never text of the model, whose quotes are escaped. */
const FINISHED = /^data: ?\[DONE\]|^data: ?\{"error"|"finish_reason" ?: ?"/m;

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
    return FINISHED.test(Buffer.concat([...this.#before, ...this.#latest]).toString('latin1'));
  }
}
