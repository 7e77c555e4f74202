import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeIndexedChunk } from '../../testing/temporary-index.ts';
import type { IndexFile } from '../file/index-file.ts';
import { openIndexFile } from '../file/open-index-file.ts';
import type { Work } from '../work-queue.ts';
import { DocumentWriter } from './document-writer.ts';
import { OpenSegment } from './segment.ts';
import { WordBases } from './word-bases.ts';
import { WordMaintenance } from './word-maintenance.ts';

const SEGMENT = 700;

let folder: string;
let file: IndexFile;
let bases: WordBases;
let maintenance: WordMaintenance;
let written: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-words-'));
  file = openIndexFile(join(folder, 'index.db')).file;
  bases = new WordBases(file, 1e9);
  maintenance = new WordMaintenance(file, bases, SEGMENT);
  written = [];
});

afterEach(() => {
  file.close();
  rmSync(folder, { recursive: true });
});

/** Writes a document that fills a segment. */
function fillSegment(): void {
  const documentId = `d${written.length}`;
  const ids = Array.from({ length: SEGMENT }, (_, place) => `${documentId}-${place}`);
  const writer = new DocumentWriter(file, SEGMENT);
  finish(writer.add(ids.map((id) => makeIndexedChunk(id, `apple ${id}`))));
  const base = finish(writer.commit(bases, { baseId: 'b', documentId }));
  maintenance.noteChange(base!);
  written.push(...ids);
}

function finish<Value>(work: Work<Value>): Value {
  for (;;) {
    const slice = work.next();
    if (slice.done) return slice.value;
  }
}

/** Maintains for as long as writes would have to wait. */
function maintainWhileBehind(work: Work<void>): boolean {
  while (maintenance.isBehind) if (work.next().done) return true;
  return false;
}

function segments() {
  return bases.byId('b')!.segments;
}

it('has writes wait while a segment is full, for its postings are in memory', () => {
  fillSegment();
  expect(maintenance.isBehind).toBe(true);
  finish(maintenance.find()!);
  expect(maintenance.isBehind).toBe(false);
  expect(segments().filter((segment) => segment instanceof OpenSegment)).toEqual([]);
});

it('seals what becomes full during a merge before the merge is done, and loses nothing', () => {
  for (let count = 0; count < 6; count += 1) {
    fillSegment();
    finish(maintenance.find()!);
  }
  const merge = maintenance.find()!;
  merge.next();
  let isMerged = false;
  for (let count = 0; count < 2; count += 1) {
    fillSegment();
    isMerged = maintainWhileBehind(merge);
    expect([isMerged, segments().length]).toEqual([false, 7 + count]);
  }
  finish(merge);
  expect(segments().map(({ live }) => live)).toEqual([6 * SEGMENT, SEGMENT, SEGMENT]);
  expect(segments().flatMap((segment) => segment.allIds())).toEqual(written);
});
