import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IndexedChunk, KnowledgeIndex, SearchScope } from '../knowledge/knowledge-index.ts';
import { makeIndexedChunk, TemporaryIndex } from '../testing/temporary-index.ts';

let home: TemporaryIndex;
let index: KnowledgeIndex;

beforeEach(async () => {
  home = new TemporaryIndex();
  index = await home.open();
});

afterEach(() => home.remove());

async function put(baseId: string, documentId: string, ...texts: string[]): Promise<void> {
  const chunks = texts.map((text, place) => makeIndexedChunk(`${documentId}-${place}`, text));
  await index.words.replaceDocument({ baseId, documentId }, [chunks]);
}

async function find(query: string, scope: Partial<SearchScope> = {}, from = index): Promise<string[]> {
  const { hits } = await from.words.search(query, { baseIds: ['b'], documentIds: null, limit: 10, ...scope });
  return hits.map(({ chunkId }) => chunkId);
}

async function reopen(): Promise<void> {
  await index.close();
  index = await home.open();
}

describe('searching words', () => {
  it('finds English by stem and Chinese by parts of words', async () => {
    await put('b', 'en', 'Ollama runs language models on your own machine.');
    await put('b', 'zh', '按下停止按钮，回答立即停止。');
    expect(await find('Which MODEL is running?')).toEqual(['en-0']);
    expect(await find('怎么停止回答?')).toEqual(['zh-0']);
    expect(await find('bananas')).toEqual([]);
  });

  it('says where a passage is, and how many terms the question has', async () => {
    await put('b', 'd', 'apple pear', 'plum');
    const found = await index.words.search('plum', { baseIds: ['b'], documentIds: null, limit: 5 });
    expect(found).toEqual({
      terms: 1,
      hits: [{ chunkId: 'd-1', documentId: 'd', baseId: 'b', score: expect.any(Number) }],
    });
    const empty = await index.words.search('?!', { baseIds: ['b'], documentIds: null, limit: 5 });
    expect(empty).toEqual({ terms: 0, hits: [] });
  });

  it('counts a word of the headings more than one of the text', async () => {
    const chunks = [
      makeIndexedChunk('text', 'Backups are good to have, and restoring them too.'),
      makeIndexedChunk('heading', 'They are good to have, and restoring them is easy.', { headingPath: ['Backups'] }),
    ];
    await index.words.replaceDocument({ baseId: 'b', documentId: 'd' }, [chunks]);
    expect((await find('backups'))[0]).toBe('heading');
  });

  it('searches several bases as one, and no other', async () => {
    await put('a', 'one', 'apple');
    await put('b', 'two', 'apple apple');
    await put('c', 'three', 'apple');
    expect(await find('apple', { baseIds: ['a', 'b', 'unknown'] })).toEqual(['two-0', 'one-0']);
    expect(await find('apple', { baseIds: [] })).toEqual([]);
  });

  it('answers no more than asked for', async () => {
    await put('b', 'd', 'apple', 'apple', 'apple');
    expect(await find('apple', { limit: 2 })).toEqual(['d-0', 'd-1']);
    expect(await find('apple', { limit: 0 })).toEqual([]);
  });

  it('searches only in the documents that are named, 10,000 of them', async () => {
    for (const number of Array(30).keys()) await put('b', `d${number}`, `apple number${number}`);
    const named = [...Array(10_000).keys()].map((number) => `other${number}`);
    expect(await find('apple', { documentIds: [...named, 'd7', 'd21'] })).toEqual(['d7-0', 'd21-0']);
    expect(await find('apple', { documentIds: [] })).toEqual([]);
  });
});

describe('changing documents', () => {
  it('puts new passages in the place of the old ones', async () => {
    await put('b', 'd', 'apple', 'pear');
    await put('b', 'd', 'plum');
    expect(await find('apple pear')).toEqual([]);
    expect(await find('plum')).toEqual(['d-0']);
    expect(await index.words.documents('b')).toEqual([{ documentId: 'd', chunkIds: ['d-0'] }]);
  });

  it('forgets a document that has no passages any more', async () => {
    await put('b', 'd', 'apple');
    await put('b', 'd');
    await put('never', 'seen');
    expect(await find('apple')).toEqual([]);
    expect(await index.words.documents('b')).toEqual([]);
    expect(await index.words.documents('never')).toEqual([]);
  });

  it('keeps what it had when the passages end in an error', async () => {
    await put('b', 'd', 'apple');
    async function* broken(): AsyncGenerator<IndexedChunk[]> {
      yield [makeIndexedChunk('new', 'plum')];
      throw new Error('the rows cannot be read');
    }
    const replaced = index.words.replaceDocument({ baseId: 'b', documentId: 'd' }, broken());
    await expect(replaced).rejects.toThrow('the rows cannot be read');
    expect(await find('apple plum')).toEqual(['d-0']);
  });

  it('forgets a base, and takes the same name again', async () => {
    await put('a', 'd', 'apple');
    await put('b', 'd', 'apple');
    await index.words.removeBase('b');
    expect(await find('apple')).toEqual([]);
    expect(await find('apple', { baseIds: ['a'] })).toEqual(['d-0']);
    await put('b', 'new', 'apple');
    await reopen();
    expect(await find('apple')).toEqual(['new-0']);
  });

  it('shows a document of thousands of passages all at once', async () => {
    const chunks = Array.from({ length: 3_000 }, (_, place) => makeIndexedChunk(`c${place}`, `apple word${place}`));
    await put('b', 'd', 'apple');
    const written = index.words.replaceDocument({ baseId: 'b', documentId: 'd' }, [chunks]);
    const during = await find('apple', { limit: 3_001 });
    await written;
    expect(during).toEqual(['d-0']);
    expect(await find('apple', { limit: 3_001 })).toHaveLength(3_000);
    expect(await find('word2321')).toEqual(['c2321']);
    expect(await index.words.documents('b')).toEqual([{ documentId: 'd', chunkIds: chunks.map(({ id }) => id) }]);
  });

  it('writes several documents at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, number) => put('b', `d${number}`, `apple${number}`, 'pear')));
    expect(await find('apple13')).toEqual(['d13-0']);
    expect(await find('pear', { limit: 100 })).toHaveLength(20);
  });
});

describe('keeping', () => {
  it('finds after reopening what was stored before', async () => {
    await put('b', 'd', 'apple', '苹果');
    await put('b', 'gone', 'apple');
    await put('b', 'gone');
    await index.words.setPosition(42);
    await reopen();
    expect(await find('apple 苹果')).toEqual(['d-1', 'd-0']);
    expect(await index.words.position()).toBe(42);
  });

  it('begins at position 0', async () => {
    expect(await index.words.position()).toBe(0);
  });

  it('reads bases again that had to leave memory', async () => {
    await reopen();
    await index.close();
    index = await home.open({ wordMemoryBytes: 1 });
    for (const base of ['a', 'b', 'c']) await put(base, base, `apple ${base}${base}`);
    expect(await find('apple', { baseIds: ['a', 'b', 'c'] })).toHaveLength(3);
    expect(await find('bb')).toEqual(['b-0']);
  });

  it('refuses to be asked once it is closed', async () => {
    await index.close();
    await index.close();
    await expect(find('apple')).rejects.toMatchObject({ code: 'storage_failed' });
  });
});
