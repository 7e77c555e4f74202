import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_FILE_BYTES, type ErrorCode } from '@parley/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect } from '../testing/index.ts';
import { createDocumentReader, type DocumentReaderOptions } from './document-reader.ts';
import type { DocumentReader, ReaderEvent, ReadInput } from './reader-events.ts';

const NEVER = new AbortController().signal;
const FORMATS = new URL('testing/fake-formats.ts', import.meta.url);
const split = { max_tokens: 50, overlap_tokens: 0 };

let folder: string;
let reader: DocumentReader;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-test-'));
  reader = readerWith({});
});

afterEach(async () => {
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

function readerWith(options: DocumentReaderOptions): DocumentReader {
  return createDocumentReader({ processes: 1, formats: FORMATS, scratch: join(folder, 'scratch'), ...options });
}

async function replaceReader(options: DocumentReaderOptions): Promise<void> {
  await reader.close();
  reader = readerWith(options);
}

async function file(content: string, name = 'a.fake'): Promise<ReadInput> {
  const path = join(folder, 'stored');
  await writeFile(path, content);
  return { kind: 'file', path, name, mediaType: null, select: [], split };
}

async function read(content: string, name?: string): Promise<ReaderEvent[]> {
  return collect(reader.read(await file(content, name), NEVER));
}

function textOf(events: readonly ReaderEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

function ends(code: ErrorCode, message: RegExp = /./) {
  return expect.objectContaining({ code, message: expect.stringMatching(message) });
}

describe('what a reader says', () => {
  it('tells head, text, passages and end, in this order', async () => {
    const events = await read('text One sentence. Another one.');
    expect(events.map(({ type }) => type).filter((type) => type !== 'progress')).toEqual([
      'head',
      'text',
      'chunks',
      'end',
    ]);
    expect(events).toContainEqual({ type: 'progress', stage: 'parsing', percent: 50 });
    const chunks = events.flatMap((event) => (event.type === 'chunks' ? event.chunks : []));
    expect(chunks).toMatchObject([{ ordinal: 0, start: 0, text: 'One sentence. Another one.' }]);
  });

  it('sends a long text in parts that join to the whole, and its passages by the hundred', async () => {
    const events = await read('long 100000');
    const head = events.find((event) => event.type === 'head')!;
    expect(textOf(events)).toHaveLength(head.document.length);
    const parts = events.filter((event) => event.type === 'text');
    expect(parts.every(({ text }) => text.length <= 65_536)).toBe(true);
    const chunks = events.filter((event) => event.type === 'chunks').map((event) => event.chunks);
    expect(Math.max(...chunks.map((some) => some.length))).toBeLessThanOrEqual(200);
    expect(chunks.flat().length).toBeGreaterThan(1_000);
  });

  it('cuts stored text anew, and keeps what was noticed in it', async () => {
    const flaggedSpans = [{ start: 0, end: 5, flag: 'hidden-text' as const }];
    const input = {
      kind: 'text' as const,
      title: 'T',
      text: 'Words in it.',
      pages: [{ number: 3, start: 0 }],
      flaggedSpans,
      split,
    };
    const events = await collect(reader.read(input, NEVER));
    expect(events).toContainEqual({ type: 'text', start: 0, text: 'Words in it.' });
    const chunks = events.flatMap((event) => (event.type === 'chunks' ? event.chunks : []));
    expect(chunks).toMatchObject([{ page: 3, flags: ['hidden-text'] }]);
  });

  it('keeps as much text as the limit allows, and says that it was cut off', async () => {
    await replaceReader({ limits: { maxTextLength: 1_000 } });
    const events = await read('long 1000');
    expect(textOf(events)).toHaveLength(1_000);
    expect(events).toContainEqual(
      expect.objectContaining({ document: expect.objectContaining({ flags: ['cut-off'] }) }),
    );
  });

  it('names the files of an archive, which the caller then takes', async () => {
    const taken: string[] = [];
    for await (const event of reader.read(await file('first\nsecond', 'a.archive'), NEVER)) {
      if (event.type !== 'entry') continue;
      taken.push(`${event.name}: ${await readFile(event.path, 'utf8')}`);
      await rm(event.path);
    }
    expect(taken).toEqual(['first.txt: first', 'second.txt: second']);
    expect(await readdir(join(folder, 'scratch', 'out'))).toEqual([]);
  });

  it('deletes what it unpacked of an archive that fails', async () => {
    await replaceReader({ limits: { maxEntries: 2 } });
    await expect(read('1\n2\n3', 'a.archive')).rejects.toEqual(ends('document_bomb'));
    expect(await readdir(join(folder, 'scratch', 'out'))).toEqual([]);
  });
});

describe('files that are not read', () => {
  it('refuses an empty file', async () => {
    await expect(read('')).rejects.toEqual(ends('document_empty', /empty/));
  });

  it('refuses a file that is too large before it is opened', async () => {
    const input = await file('text x');
    await truncate(join(folder, 'stored'), 2 * 1024 * 1024 * 1024);
    expect((await stat(join(folder, 'stored'))).size).toBeGreaterThan(MAX_FILE_BYTES);
    await expect(collect(reader.read(input, NEVER))).rejects.toEqual(ends('document_too_large', /2,048 MB/));
  });

  it('says so when the file is gone, is a folder, or is of no known kind', async () => {
    const input = await file('text x');
    const elsewhere = (path: string) => collect(reader.read({ ...input, path } as ReadInput, NEVER));
    await expect(elsewhere(join(folder, 'nothing'))).rejects.toEqual(ends('document_unreadable', /not there/));
    await expect(elsewhere(folder)).rejects.toEqual(ends('document_unreadable', /no file/));
    await expect(read('text x', 'a.unknown')).rejects.toEqual(ends('document_type_unknown'));
  });

  it('says what a parser says, hides what only programmers understand, and goes on with the same process', async () => {
    const before = textOf(await read('pid'));
    await expect(read('refuse')).rejects.toEqual(ends('document_encrypted', /locked/));
    await expect(read('fail')).rejects.toEqual(
      ends('document_unreadable', /^This document is damaged, or not what its name says\.$/),
    );
    await expect(read('text ')).rejects.toEqual(ends('document_empty'));
    expect(textOf(await read('pid'))).toBe(before);
  });

  it('adds what the name promised when the content is something else', async () => {
    await expect(read('fail', 'a.other')).rejects.toEqual(
      ends('document_unreadable', /Its name says Other, but its content looks like Fake\./),
    );
  });
});

describe('what a parser may do', () => {
  it('reads no other files, writes none, reaches no network, starts nothing, knows no secrets', async () => {
    const secret = join(folder, 'secret');
    await writeFile(secret, 'text of a secret');
    for (const deed of [`file ${secret}`, `write ${secret}`, 'network', 'fetch', 'spawn']) {
      await expect(read(deed)).rejects.toEqual(ends('document_unreadable'));
    }
    expect(await readFile(secret, 'utf8')).toBe('text of a secret');
    expect(textOf(await read('environment'))).not.toMatch(/HOME|PATH|PARLEY|TOKEN/);
  });
});
