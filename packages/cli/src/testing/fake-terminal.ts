import { PassThrough } from 'node:stream';

/** FAKE terminal: a keyboard that a test types on, and what is shown. */
export class FakeTerminal {
  readonly input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => this.input });
  readonly output = new PassThrough({ encoding: 'utf8' });

  /** What was shown since this was last read. */
  get shown(): string {
    return String(this.output.read() ?? '');
  }
}
