import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ParleyError } from '@parley/contracts';
import type { ArchiveEntry, FileToRead, Format, ParseContext, ParseLimits } from '../../documents/formats/format.ts';
import type { ParsedDocument } from '../reader-events.ts';

// Fake formats for tests of reader processes. What a document does is the first word in it.

const DEEDS: Record<string, (words: string) => unknown> = {
  text: (words) => words,
  long: (words) => '长句子没有尽头。'.repeat(Number(words)),
  hang: () => {
    for (;;);
  },
  sleep: () => new Promise(() => setInterval(() => {}, 1_000)),
  heap: () => {
    const grown: unknown[] = [];
    for (;;) grown.push({ a: [grown.length], b: `${grown.length}` });
  },
  buffers: () => {
    const grown: Uint8Array[] = [];
    for (;;) grown.push(new Uint8Array(8 * 1024 * 1024).fill(1));
  },
  crash: () => process.abort(),
  leave: () => process.exit(0),
  fail: () => {
    throw new TypeError('Cannot read properties of undefined');
  },
  refuse: () => {
    throw new ParleyError('document_encrypted', 'This document is locked.');
  },
  file: (words) => readFileSync(words, 'utf8'),
  write: (words) => writeFile(words, 'written by a parser').then(() => 'written'),
  network: () => import('node:net').then(({ connect }) => String(connect)),
  fetch: () => fetch('http://127.0.0.1:9/').then(() => 'fetched'),
  spawn: () => import('node:child_process').then(({ spawnSync }) => String(spawnSync('true').status)),
  environment: () => `environment ${Object.keys(process.env).join(' ')}`,
  pid: () => `process ${process.pid}`,
};

/** Fake: `deed words`. Names that end in `.unknown` are of no kind; those in `.fake` say that they are. */
export function formatFor({ name, bytes }: FileToRead): Format | null {
  if (name.endsWith('.unknown')) return null;
  if (bytes.length === 0) return { name: name.endsWith('.fake') ? 'Fake' : 'Other', parse };
  return { name: 'Fake', parse };
}

/** Fake: an archive is what is named so. */
export function isArchive({ name }: FileToRead): boolean {
  return name.endsWith('.archive');
}

/** Fake: one entry per line. */
export async function* unpackArchive(
  bytes: Uint8Array,
  folder: string,
  limits: Pick<ParseLimits, 'maxEntries'>,
): AsyncGenerator<ArchiveEntry> {
  const lines = textOf(bytes).split('\n');
  for (const [place, line] of lines.entries()) {
    if (place >= limits.maxEntries) throw new ParleyError('document_bomb', 'Too many files are in this archive.');
    const path = join(folder, String(place));
    await writeFile(path, line);
    yield { name: `${line}.txt`, path, size: line.length };
  }
}

async function parse(bytes: Uint8Array, context: ParseContext): Promise<ParsedDocument> {
  context.progress(50);
  const [deed = '', ...words] = textOf(bytes).split(' ');
  const text = String(await DEEDS[deed]?.(words.join(' ')));
  return { title: context.name, language: 'en', mediaType: 'text/plain', text, pages: [], flags: [], flaggedSpans: [] };
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
