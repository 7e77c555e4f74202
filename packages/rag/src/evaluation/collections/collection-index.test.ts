import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TemporaryIndex } from '../../testing/temporary-index.ts';
import { qualityOf } from '../ranking-quality.ts';
import { CollectionIndex } from './collection-index.ts';
import type { Collection } from './collection.ts';
import { fusedRanking, fuseTuned } from './fuse-tuned.ts';
import { searchCollection } from './search-collection.ts';

const collection: Collection = {
  name: 'tiny',
  documents: [
    { id: 'cats', title: 'Cats', text: 'A cat sleeps all day.' },
    { id: 'cars', title: '', text: 'An automobile needs fuel.' },
    { id: 'empty', title: '', text: '' },
    ...Array.from({ length: 150 }, (_, number) => ({
      id: `n${number}`,
      title: '',
      text: `Note ${number} of nothing.`,
    })),
  ],
  queries: [
    { id: 'q1', text: 'cat' },
    { id: 'q2', text: 'car' },
  ],
  judgements: new Map([
    ['q1', new Map([['cats', 1]])],
    ['q2', new Map([['cars', 1]])],
  ]),
};
const never = new AbortController().signal;

let home: TemporaryIndex;
beforeEach(() => (home = new TemporaryIndex()));
afterEach(() => home.remove());

/** A fake model that knows two things, and nothing about an empty text. */
const embed = async (texts: readonly string[]) =>
  texts.map((text) => {
    if (text === '') return null;
    if (/cat/i.test(text)) return Float32Array.of(1, 0, 0);
    return /car|automobile/i.test(text) ? Float32Array.of(0, 1, 0) : Float32Array.of(0, 0, 1);
  });

describe('a collection in the index', () => {
  it('is searched by words, and by meaning where there are vectors', async () => {
    const index = new CollectionIndex(await home.open(), embed);
    await index.addWords(collection.documents);
    const heard: number[] = [];
    await index.addVectors(collection.documents, (done) => heard.push(done));
    expect(heard).toEqual([100, 153]);
    const searches = await searchCollection(index, collection, never);
    const lexical = searches.map(({ legs }) => legs.lexical.map(({ chunkId }) => chunkId));
    expect(lexical).toEqual([['cats'], []]);
    const dense = searches.map(({ legs }) => legs.dense[0]?.[0]?.chunkId);
    expect(dense).toEqual(['cats', 'cars']);
    const { rankings, tunedOn } = fuseTuned(searches, []);
    expect(tunedOn).toBe('the other half');
    expect(rankings.map((ranking, place) => qualityOf(ranking, searches[place]!.judgements).mrr10)).toEqual([1, 1]);
    expect(fuseTuned(searches, searches)).toMatchObject({ tunedOn: 'train' });
    expect(fusedRanking(searches[0]!.legs, 0)[0]).toBe('cats');
  });

  it('has no dense leg without a model', async () => {
    const index = new CollectionIndex(await home.open(), null);
    await index.addWords(collection.documents);
    await index.addVectors(collection.documents);
    const [search] = await searchCollection(index, collection, never);
    expect(search?.legs.dense).toEqual([]);
  });

  it('stops when it is told to', async () => {
    const index = new CollectionIndex(await home.open(), null);
    await expect(searchCollection(index, collection, AbortSignal.abort())).rejects.toMatchObject({
      code: 'request_aborted',
    });
  });
});
