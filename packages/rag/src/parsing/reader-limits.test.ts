import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { collect } from '../testing/index.ts';
import { createDocumentReader, type DocumentReaderOptions } from './document-reader.ts';
import type { DocumentReader, ReaderEvent, ReadInput } from './reader-events.ts';

const NEVER = new AbortController().signal;
const FORMATS = new URL('testing/fake-formats.ts', import.meta.url);

let folder: string;
let count = 0;
let readers: DocumentReader[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-test-'));
});

afterEach(async () => {
  await Promise.all(readers.map((reader) => reader.close()));
  readers = [];
  await rm(folder, { recursive: true, force: true });
});

function readerWith(options: DocumentReaderOptions): DocumentReader {
  const reader = createDocumentReader({ processes: 1, formats: FORMATS, ...options });
  readers.push(reader);
  return reader;
}

async function file(content: string): Promise<ReadInput> {
  const path = join(folder, String((count += 1)));
  await writeFile(path, content);
  return {
    kind: 'file',
    path,
    name: 'a.fake',
    mediaType: null,
    select: [],
    split: { max_tokens: 50, overlap_tokens: 0 },
  };
}

async function pidOf(reader: DocumentReader): Promise<number> {
  return Number(/\d+/.exec(textOf(await collect(reader.read(await file('pid'), NEVER))))![0]);
}

function textOf(events: readonly ReaderEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it('gives up a document that never ends, and reads the next one', async () => {
  const reader = readerWith({ timeLimitMs: 1_500 });
  for (const deed of ['hang', 'sleep']) {
    await expect(collect(reader.read(await file(deed), NEVER))).rejects.toMatchObject({ code: 'document_too_slow' });
  }
  expect(textOf(await collect(reader.read(await file('text well'), NEVER)))).toBe('well');
});

it('gives up a document that needs too much memory, in the heap or outside it', async () => {
  const reader = readerWith({ memoryLimitMb: 220 });
  for (const deed of ['heap', 'buffers']) {
    await expect(collect(reader.read(await file(deed), NEVER))).rejects.toMatchObject({ code: 'document_bomb' });
  }
});

it('lets a breakdown fail this document only', async () => {
  const reader = readerWith({ processes: 2 });
  const deeds = await Promise.all(['crash', 'text one', 'leave', 'text two', 'crash', 'text three'].map(file));
  const ends = await Promise.allSettled(deeds.map((input) => collect(reader.read(input, NEVER))));
  expect(ends.map((end) => (end.status === 'fulfilled' ? textOf(end.value) : end.reason.code))).toEqual([
    'document_unreadable',
    'one',
    'document_unreadable',
    'two',
    'document_unreadable',
    'three',
  ]);
});

it('stops within a second when it is told to, whatever the parser does', async () => {
  const reader = readerWith({});
  const abort = new AbortController();
  const hanging = collect(reader.read(await file('hang'), abort.signal));
  const waiting = collect(reader.read(await file('text x'), abort.signal));
  const stopped = Promise.allSettled([hanging, waiting]);
  const first = reader.read(await file('text after'), NEVER);
  const after = collect(first);
  abort.abort();
  expect(await stopped).toMatchObject([
    { reason: { code: 'request_aborted' } },
    { reason: { code: 'request_aborted' } },
  ]);
  expect(textOf(await after)).toBe('after');
  await expect(collect(reader.read(await file('text x'), abort.signal))).rejects.toMatchObject({
    code: 'request_aborted',
  });
});

it('ends the process of a document whose reader left in the middle', async () => {
  const reader = readerWith({});
  for await (const event of reader.read(await file('long 200000'), NEVER)) {
    if (event.type === 'text') break;
  }
  expect(textOf(await collect(reader.read(await file('text next'), NEVER)))).toBe('next');
});

it('survives a process that is killed from outside', async () => {
  const reader = readerWith({});
  const pid = await pidOf(reader);
  process.kill(pid, 'SIGKILL');
  expect(textOf(await collect(reader.read(await file('text well'), NEVER)))).toBe('well');
  expect(isRunning(pid)).toBe(false);
});

it('lets the process wait while its events are used, on nobody’s time limit', async () => {
  const timeLimitMs = 3_000;
  const input = await file('long 30000');
  const events = readerWith({ timeLimitMs }).read(input, NEVER)[Symbol.asyncIterator]();
  const seen: ReaderEvent[] = [];
  for (let next = await events.next(); !next.done; next = await events.next()) {
    seen.push(next.value);
    // As long as the whole limit passes, by another reader's clock, while this event is in use.
    const other = readerWith({ timeLimitMs });
    if (next.value.type === 'head') await collect(other.read(await file('hang'), NEVER)).catch(() => {});
  }
  expect(seen.at(-1)).toEqual({ type: 'end' });
  expect(textOf(seen)).toBe('长句子没有尽头。'.repeat(30_000));
});

it('starts no process before it is asked, keeps one for the next document, and ends it when nothing comes', async () => {
  const reader = readerWith({ idleMs: 50 });
  const pid = await pidOf(reader);
  while (isRunning(pid)) await once(AbortSignal.timeout(20), 'abort');
  expect(await pidOf(reader)).not.toBe(pid);
});

it('replaces a process that has worked long enough', async () => {
  const reader = readerWith({ retireCpuMs: 1 });
  const first = await pidOf(reader);
  expect(await pidOf(reader)).not.toBe(first);
  expect(isRunning(first)).toBe(false);
});

it('leaves no process and no file when it is closed, and lets whoever waits know', async () => {
  const scratch = join(folder, 'scratch');
  const reader = readerWith({ processes: 2, scratch });
  const pid = await pidOf(reader);
  const reading = Promise.allSettled([
    collect(reader.read(await file('hang'), NEVER)),
    collect(reader.read(await file('sleep'), NEVER)),
    collect(reader.read(await file('text waits in line'), NEVER)),
  ]);
  await reader.close();
  for (const end of await reading) expect(end).toMatchObject({ reason: { code: 'request_aborted' } });
  expect(isRunning(pid)).toBe(false);
  expect(await readdir(folder)).not.toContain('scratch');
});
