import { Writable } from 'node:stream';
import { pino, type Logger } from 'pino';

/** A logger that keeps what would be written. */
export class RecordingLogger {
  readonly logger: Logger;
  #text = '';

  constructor() {
    const stream = new Writable({
      write: (piece: Buffer, _encoding, done) => {
        this.#text += piece.toString();
        done();
      },
    });
    this.logger = pino({ level: 'debug' }, stream);
  }

  get text(): string {
    return this.#text;
  }
}
