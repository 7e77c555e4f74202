import { afterEach, beforeEach, expect, it } from 'vitest';
import type { KnowledgeIndex } from '../knowledge/knowledge-index.ts';
import { Bm25Index } from '../lexical/bm25-index.ts';
import type { Chunk } from '../retrieval/passage-index.ts';
import { makeChunk } from '../testing/make-chunk.ts';
import { seededRandom } from '../testing/random-text.ts';
import { TemporaryIndex } from '../testing/temporary-index.ts';

const WORDS = 'apple pear plum fig date grape lemon melon 苹果 梨 李子 无花果 柠檬 葡萄 西瓜 甜瓜'.split(' ');

let home: TemporaryIndex;
let index: KnowledgeIndex;
let random: () => number;

beforeEach(async () => {
  home = new TemporaryIndex();
  index = await home.open();
  random = seededRandom(7);
});

afterEach(() => home.remove());

function makeText(most: number): string {
  const count = Math.floor(random() * most);
  const rare = random() < 0.3 ? ` rare${Math.floor(random() * 500)}` : '';
  return Array.from({ length: count }, () => WORDS[Math.floor(random() ** 2 * WORDS.length)]).join(' ') + rare;
}

function makeDocument(documentId: string, passages: number): Chunk[] {
  const title = makeText(4);
  return Array.from({ length: passages }, (_, place) =>
    makeChunk(`${documentId}-${place}`, makeText(20), { documentId, title, headingPath: [makeText(3), makeText(3)] }),
  );
}

/** What is found for some questions, ids with scores, by the index and by a new `Bm25Index`. */
async function findBoth(chunks: readonly Chunk[]): Promise<{ found: unknown[]; expected: unknown[] }> {
  const bm25 = new Bm25Index(chunks);
  const found: unknown[] = [];
  const expected: unknown[] = [];
  for (let round = 0; round < 15; round += 1) {
    const query = `${makeText(6)} ${makeText(3)}`;
    const best = await bm25.search(query, { limit: 50 });
    const { hits } = await index.words.search(query, { baseIds: ['b'], documentIds: null, limit: 50 });
    found.push(...hits.map(({ chunkId, score }) => [chunkId, score]));
    expected.push(...best.map(({ chunk, score }) => [chunk.id, score]));
  }
  return { found, expected };
}

it('scores as Bm25Index does, whatever was replaced and removed before', async () => {
  const documents = new Map<string, Chunk[]>();
  for (let round = 0; round < 120; round += 1) {
    const documentId = `d${Math.floor(random() * 40)}`;
    const chunks = makeDocument(documentId, Math.floor(random() * 6));
    await index.words.replaceDocument({ baseId: 'b', documentId }, [chunks]);
    // What is replaced goes to the end, in both.
    documents.delete(documentId);
    documents.set(documentId, chunks);
  }
  const written = await findBoth([...documents.values()].flat());
  expect(written.found).toEqual(written.expected);
  await index.close();
  index = await home.open();
  const reopened = await findBoth([...documents.values()].flat());
  expect(reopened.found).toEqual(reopened.expected);
});

it('scores as Bm25Index does over segments that were sealed, merged and cleaned', async () => {
  const documents = new Map<string, Chunk[]>();
  await index.close();
  index = await home.open({ segmentPassages: 8 });
  for (let number = 0; number < 300; number += 1) {
    const chunks = makeDocument(`d${number}`, number % 50 === 0 ? 30 : 3);
    documents.set(`d${number}`, chunks);
    await index.words.replaceDocument({ baseId: 'b', documentId: `d${number}` }, [chunks]);
  }
  for (const documentId of [...documents.keys()].filter((_, number) => number < 150 && number % 2 === 0)) {
    documents.delete(documentId);
    await index.words.replaceDocument({ baseId: 'b', documentId }, []);
  }
  const merged = await findBoth([...documents.values()].flat());
  expect(merged.found).toEqual(merged.expected);
  await index.close();
  index = await home.open();
  const again = await findBoth([...documents.values()].flat());
  expect(again.found).toEqual(again.expected);
  await index.words.replaceDocument({ baseId: 'b', documentId: 'd1' }, []);
  documents.delete('d1');
  const changed = await findBoth([...documents.values()].flat());
  expect(changed.found).toEqual(changed.expected);
});
