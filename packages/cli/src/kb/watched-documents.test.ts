import { describe, expect, it } from 'vitest';
import type { BaseDocument, DocumentChange } from '@parley/contracts';
import { makeBaseDocument } from '../testing/make-base-document.ts';
import { untilSettled, WatchedDocuments, type WatchedDocumentsOptions } from './watched-documents.ts';

const watch = (more: Partial<WatchedDocumentsOptions> = {}) =>
  new WatchedDocuments({ since: 1_000, isCrawling: false, ...more });
const running = (name: string, more: Partial<BaseDocument> = {}) =>
  makeBaseDocument(name, { state: 'parsing', percent: 10, ...more });
const namesOf = ({ list }: WatchedDocuments) => list.map(({ name }) => name);

/** A fake feed: what is listed at each look, and what is told in between. */
async function settle(watched: WatchedDocuments, changes: DocumentChange[], lists: BaseDocument[][] = []) {
  async function* tell(): AsyncGenerator<DocumentChange> {
    yield* changes;
  }
  async function* look(): AsyncGenerator<BaseDocument> {
    yield* lists.shift() ?? [];
  }
  await untilSettled(watched, { changes: tell(), documents: look });
}

describe('what was added', () => {
  it('is settled when each came to its end, good or bad', async () => {
    const watched = watch();
    watched.add(running('a'));
    watched.add(running('b'));
    expect(watched.isSettled).toBe(false);
    await settle(watched, [makeBaseDocument('a', { state: 'failed' }), makeBaseDocument('b')]);
    expect(watched.list.map(({ state }) => state)).toEqual(['failed', 'ready']);
  });

  it('has nothing to do with what others add meanwhile', async () => {
    const watched = watch();
    watched.add(running('a'));
    await settle(watched, [running('theirs'), running('https://x/', { kind: 'page' }), makeBaseDocument('a')]);
    expect(namesOf(watched)).toEqual(['a']);
  });

  it('includes the files of an archive, whose own document goes', async () => {
    const watched = watch();
    watched.add(running('x.zip'));
    const end: DocumentChange = { id: 'x.zip', removed: true };
    await settle(watched, [
      running('x.zip/1'),
      end,
      running('x.zip/2'),
      makeBaseDocument('x.zip/1'),
      makeBaseDocument('x.zip/2'),
    ]);
    expect(namesOf(watched)).toEqual(['x.zip/1', 'x.zip/2']);
  });

  it('includes the files of an archive of which nothing was heard when it was ready, older ones too', async () => {
    const watched = watch();
    watched.add(makeBaseDocument('x.zip'));
    const hidden = [makeBaseDocument('new'), running('x.zip/1', { created_at: 5 })];
    await settle(watched, [makeBaseDocument('x.zip/1')], [hidden]);
    expect(namesOf(watched)).toEqual(['x.zip', 'x.zip/1']);
  });

  it('looks no further than what is new where nothing can hide', async () => {
    const watched = watch();
    watched.add(makeBaseDocument('a'));
    await settle(watched, [], [[makeBaseDocument('old', { created_at: 5 }), running('a')]]);
    expect(namesOf(watched)).toEqual(['a']);
  });

  it('includes the pages that a crawl finds', async () => {
    const watched = watch({ isCrawling: true });
    watched.add(running('https://x/', { kind: 'page' }));
    const page = running('https://x/2', { kind: 'page', updated_at: 2_000 });
    const ends = [makeBaseDocument('https://x/'), makeBaseDocument('https://x/2', { kind: 'page' })];
    await settle(watched, [page, running('https://y/', { kind: 'page', updated_at: 5 }), ...ends]);
    expect(namesOf(watched)).toEqual(['https://x/', 'https://x/2']);
  });

  it('is not settled by its first page while a crawl goes on', async () => {
    const watched = watch({ isCrawling: true });
    const first = { kind: 'page', is_crawling: true } as const;
    watched.add(makeBaseDocument('https://x/', first));
    const second = running('https://x/2', { kind: 'page', updated_at: 2_000 });
    const ends = [makeBaseDocument('https://x/', { kind: 'page' }), makeBaseDocument('https://x/2', { kind: 'page' })];
    await settle(watched, [second, ...ends]);
    expect(watched.isSettled).toBe(true);
    expect(namesOf(watched)).toEqual(['https://x/', 'https://x/2']);
  });

  it('does not wait for what is tried again by and by', async () => {
    const watched = watch();
    watched.add(running('a'));
    const error = { code: 'url_unreachable', message: 'It did not answer.' } as const;
    await settle(watched, [running('a', { state: 'queued', error })]);
    expect(watched.list[0]?.error).toEqual(error);
  });

  it('is not settled by a server that ends', async () => {
    const watched = watch();
    watched.add(running('a'));
    await expect(settle(watched, [])).rejects.toMatchObject({ code: 'stream_interrupted' });
  });
});
