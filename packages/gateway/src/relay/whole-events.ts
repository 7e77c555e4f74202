/** An event that is longer than this is passed on in pieces. */
const MAX_HELD_BYTES = 1024 * 1024;
const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts a stream of server-sent events at the borders of events, without looking inside: what is
 * passed on can be followed by an event of our own at any time. The start of an event that is not
 * whole yet is held back; no reader could use it before its end.
 */
export class WholeEvents {
  #held: Buffer | null = null;

  /** The bytes that may be passed on now; null when no event has become whole. */
  push(chunk: Buffer): Buffer | null {
    const bytes = this.#held === null ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = null;
    const end = endOfLastEvent(bytes);
    if (end === bytes.length || (end === 0 && bytes.length > MAX_HELD_BYTES)) return bytes;
    this.#held = bytes.subarray(end);
    return end === 0 ? null : bytes.subarray(0, end);
  }

  /** What was held back to the last. */
  rest(): Buffer | null {
    return this.#held;
  }
}

/** Index behind the last blank line; 0 when there is none. */
function endOfLastEvent(bytes: Buffer): number {
  if (endsEvent(bytes, bytes.length)) return bytes.length;
  for (let index = bytes.lastIndexOf(NEW_LINE); index > 0; index = bytes.lastIndexOf(NEW_LINE, index - 1)) {
    if (endsEvent(bytes, index + 1)) return index + 1;
  }
  return 0;
}

/** Whether a blank line, with or without carriage returns, ends right before `end`. */
function endsEvent(bytes: Buffer, end: number): boolean {
  if (bytes[end - 1] !== NEW_LINE) return false;
  return bytes[end - 2] === NEW_LINE || (bytes[end - 2] === CARRIAGE_RETURN && bytes[end - 3] === NEW_LINE);
}
