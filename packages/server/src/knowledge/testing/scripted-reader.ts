import { readFile } from 'node:fs/promises';
import type { DocumentReader, ReaderEvent, ReadInput } from '@parley/rag/parsing';

/** A fake reader: plain text only, one passage a paragraph. It records what it was given, and may hang. */
export class ScriptedReader implements DocumentReader {
  readonly inputs: ReadInput[] = [];
  /** Says nothing until its signal aborts. */
  isHanging = false;
  /** Said in the place of what the file holds. */
  events: ReaderEvent[] | null = null;
  /** Resolves when a read was begun. */
  readonly begun = Promise.withResolvers<void>();
  /** How many reads are going on. */
  running = 0;

  async *read(input: ReadInput, signal: AbortSignal): AsyncGenerator<ReaderEvent> {
    this.inputs.push(input);
    this.running += 1;
    this.begun.resolve();
    try {
      if (this.isHanging) await untilAbort(signal);
      yield* this.events ?? toEvents(input.kind === 'text' ? input.text : await readFile(input.path, 'utf8'));
    } finally {
      this.running -= 1;
    }
  }

  async close(): Promise<void> {}
}

function* toEvents(text: string): Generator<ReaderEvent> {
  const about = { title: 'Read', language: 'en', mediaType: 'text/plain', pages: [], flaggedSpans: [] };
  yield { type: 'head', document: { ...about, flags: ['instructions'], length: text.length } };
  yield { type: 'text', start: 0, text };
  const chunks = [...text.matchAll(/[^\n]+/g)].map(({ 0: part, index }, ordinal) => ({
    ordinal,
    page: null,
    headingPath: [],
    flags: [],
    start: index,
    end: index + part.length,
    text: part,
    hash: '',
  }));
  yield { type: 'chunks', chunks };
  yield { type: 'end' };
}

function untilAbort(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason as Error);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return promise;
}
