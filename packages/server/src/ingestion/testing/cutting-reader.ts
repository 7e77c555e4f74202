import { createHash } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import type { DocumentReader, ParsedChunk, ReaderEvent, ReadInput } from '@parley/rag';

/**
 * A fake: reads UTF-8 in this process and makes a passage of every paragraph. A text that begins
 * with `HANG` is never read to its end, one with `FAIL` cannot be read, and one with `ZIP` is an
 * archive of a file per further line, `name: text`. With a `split` under 100 tokens it cuts lines.
 */
export class CuttingReader implements DocumentReader {
  /** Names of the files that it was asked to read, `text` for stored texts. */
  readonly reads: string[] = [];
  /** Files that hang and are still waited for. */
  hanging = 0;

  async *read(input: ReadInput): AsyncGenerator<ReaderEvent> {
    this.reads.push(input.kind === 'file' ? input.name : 'text');
    const text = input.kind === 'file' ? await readFile(input.path, 'utf8') : input.text;
    yield { type: 'progress', stage: 'parsing', percent: 0 };
    if (text.startsWith('HANG')) await this.#hang();
    if (text.startsWith('FAIL')) throw new ParleyError('document_unreadable', 'This file is broken.');
    yield* text.startsWith('ZIP') ? unpack(text) : cut(input, text);
    yield { type: 'end' };
  }

  async close(): Promise<void> {}

  async #hang(): Promise<void> {
    this.hanging += 1;
    await new Promise(() => {});
  }
}

async function* unpack(text: string): AsyncGenerator<ReaderEvent> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-unpacked-'));
  for (const [place, line] of text.trim().split('\n').slice(1).entries()) {
    const [name = '', ...content] = line.split(': ');
    const path = join(folder, String(place));
    await writeFile(path, content.join(': '));
    yield { type: 'entry', name, path, size: line.length };
  }
}

function* cut(input: ReadInput, text: string): Generator<ReaderEvent> {
  const title = input.kind === 'file' ? input.name : input.title;
  const document = { title, language: 'en', mediaType: 'text/plain', pages: [], flags: [], flaggedSpans: [] };
  yield { type: 'head', document: { ...document, length: text.length } };
  for (let start = 0; start < text.length; start += 65_536) {
    yield { type: 'text', start, text: text.slice(start, start + 65_536) };
  }
  yield { type: 'progress', stage: 'splitting', percent: 0 };
  const chunks = toChunks(title, text, input.split.max_tokens < 100 ? /[^\n]+/g : /[^\n](?:[^\n]|\n(?!\n))*/g);
  for (let from = 0; from < chunks.length; from += 200)
    yield { type: 'chunks', chunks: chunks.slice(from, from + 200) };
}

function toChunks(title: string, text: string, part: RegExp): ParsedChunk[] {
  return [...text.matchAll(part)].map(({ 0: piece, index: start }, ordinal) => ({
    ordinal,
    page: null,
    headingPath: [],
    start,
    end: start + piece.length,
    text: piece,
    flags: [],
    hash: createHash('sha256').update(`${title}\n${piece}`).digest('hex'),
  }));
}
