import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TemporaryIndex } from '../testing/temporary-index.ts';

const KILLS = 6;
const PROGRAM = fileURLToPath(new URL('../testing/index-writer.program.ts', import.meta.url));

let home: TemporaryIndex;

beforeEach(() => {
  home = new TemporaryIndex();
});

afterEach(() => home.remove());

/** Versions that were said to be stored: document id to the last one and its passages. */
type Stored = Map<string, { version: number; passages: number }>;

/** Lets the program write, kills it after `lines` lines at whatever it does then, and answers the last version. */
async function writeAndKill(stored: Stored, { begin, lines }: { begin: number; lines: number }): Promise<number> {
  const child = spawn(process.execPath, [PROGRAM, home.file, String(begin)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  let last = begin;
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [version = '', documentId = '', passages = ''] = line.split(' ');
    stored.set(documentId, { version: Number(version), passages: Number(passages) });
    last = Number(version);
    seen += 1;
    if (seen === lines) child.kill('SIGKILL');
  }
  await gone;
  return last;
}

it('has every document whole or not at all after kill -9, and what was said to be stored', async () => {
  const stored: Stored = new Map();
  let last = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    last = await writeAndKill(stored, { begin: last, lines: 20 + kill * 37 });
    const index = await home.open({ segmentPassages: 8 });
    const documents = await index.words.documents('b');
    const versions = documents.map(({ documentId, chunkIds }) => {
      const version = Number(chunkIds[0]?.split('-')[0]);
      // The one after the last may have been stored without having been said.
      expect([stored.get(documentId)?.version, last + 1]).toContain(version);
      expect(chunkIds).toEqual(Array.from({ length: 1 + (version % 19) }, (_, place) => `${version}-${place}`));
      return version;
    });
    expect(versions).toHaveLength(stored.size);
    const all = documents.flatMap(({ chunkIds }) => chunkIds);
    const { hits } = await index.words.search('apple', { baseIds: ['b'], documentIds: null, limit: 1_000 });
    expect(hits.map(({ chunkId }) => chunkId).toSorted()).toEqual(all.toSorted());
    last = Math.max(last, ...versions);
    for (const [position, { documentId, chunkIds }] of documents.entries()) {
      stored.set(documentId, { version: versions[position]!, passages: chunkIds.length });
    }
    await index.close();
  }
}, 120_000);
