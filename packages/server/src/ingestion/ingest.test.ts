import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ParleyError } from '@parley/contracts';
import { waitUntil } from '@parley/service-kit/testing';
import { IngestionKit } from './testing/ingestion-kit.ts';

let kit: IngestionKit;
let baseId: string;

beforeEach(async () => {
  kit = new IngestionKit();
  await kit.open();
  baseId = await kit.addBase();
  kit.ingestion.start();
});

afterEach(() => kit.dispose());

const agrees = async () => (await kit.ingestion.verify(baseId)).agrees;

describe('a file', () => {
  it('becomes passages that rows and index agree about', async () => {
    const id = await kit.addFile(baseId, 'notes.txt', 'One.\n\nTwo.\n\nThree.');
    expect(await kit.until(id, 'ready')).toMatchObject({
      percent: 100,
      media_type: 'text/plain',
      error: null,
      title: 'notes.txt',
    });
    expect(await kit.texts(id)).toEqual(['One.', 'Two.', 'Three.']);
    expect(await kit.ingestion.verify(baseId)).toMatchObject({
      documents: 1,
      chunks: 3,
      missing: [],
      surplus: [],
      vectors: null,
      agrees: true,
    });
    expect(kit.index.words.texts(baseId)).toEqual(['One.', 'Three.', 'Two.']);
  });

  it('is stored in parts that join to its whole text', async () => {
    const text = `${'word '.repeat(60_000)}\n\nEnd.`;
    const id = await kit.addFile(baseId, 'long.txt', text);
    const { version_id: versionId } = await kit.until(id, 'ready');
    const parts = await kit.db
      .selectFrom('document_texts')
      .selectAll()
      .where('version_id', '=', versionId)
      .orderBy('start')
      .execute();
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.map((part) => part.text).join('')).toBe(text);
  });

  it('makes no work when it comes once more', async () => {
    const id = await kit.addFile(baseId, 'a.txt', 'The same.');
    await kit.until(id, 'ready');
    expect(await kit.addFile(baseId, 'a.txt', 'The same.')).toBe(id);
    const jobs = await kit.db.selectFrom('jobs').selectAll().execute();
    expect(jobs.map(({ state }) => state)).toEqual(['done']);
    expect(kit.reader.reads).toEqual(['a.txt']);
  });

  it('of the same name and other content is a new version that takes the place of the old', async () => {
    const id = await kit.addFile(baseId, 'a.txt', 'Old.\n\nKept.');
    await kit.until(id, 'ready');
    expect(await kit.addFile(baseId, 'a.txt', 'Kept.\n\nNew.')).toBe(id);
    await waitUntil(async () => (await kit.texts(id)).includes('New.'), 'the new version is searched');
    expect(await kit.texts(id)).toEqual(['Kept.', 'New.']);
    const versions = await kit.db.selectFrom('document_versions').select('number').execute();
    expect(versions.map(({ number }) => number)).toEqual([1, 2]);
    expect(await agrees()).toBe(true);
    expect(kit.index.words.texts(baseId)).toEqual(['Kept.', 'New.']);
  });

  it('takes the place of one that is still worked on', async () => {
    const id = await kit.addFile(baseId, 'a.txt', 'HANG');
    await waitUntil(() => kit.reader.hanging === 1, 'the first one is read');
    expect(await kit.addFile(baseId, 'a.txt', 'Better.')).toBe(id);
    await kit.until(id, 'ready');
    expect(await kit.texts(id)).toEqual(['Better.']);
  });

  it('fails with a reason, and leaves nothing half done', async () => {
    const id = await kit.addFile(baseId, 'bad.txt', 'FAIL');
    const { error } = await kit.until(id, 'failed');
    expect(JSON.parse(error!)).toEqual({ code: 'document_unreadable', message: 'This file is broken.' });
    expect(await kit.db.selectFrom('document_versions').selectAll().execute()).toEqual([]);
    await kit.ingestion.retry(id);
    await waitUntil(() => kit.reader.reads.length === 2, 'it is tried again');
    await kit.until(id, 'failed');
  });

  it('keeps a title that a person gave it', async () => {
    const id = await kit.addFile(baseId, 'a.txt', 'One.');
    await kit.until(id, 'ready');
    await kit.ingestion.setDocumentTitle(id, 'My notes');
    await kit.addFile(baseId, 'a.txt', 'Two.');
    await waitUntil(async () => (await kit.texts(id)).includes('Two.'), 'the new version is searched');
    expect((await kit.document(id))?.title).toBe('My notes');
    await kit.ingestion.verify(baseId);
    expect([...kit.index.words.held.values()][0]?.chunks[0]?.title).toBe('My notes');
  });

  it('whose state changes is told to followers', async () => {
    const told = new Set<string>();
    kit.changes.follow(baseId, (id) => told.add(id));
    const id = await kit.addFile(baseId, 'a.txt', 'One.');
    await kit.until(id, 'ready');
    await waitUntil(() => told.has(id), 'the change is told');
    expect([...told]).toEqual([id]);
  });
});

describe('an archive', () => {
  it('becomes a document for each of its files, and is none itself', async () => {
    const id = await kit.addFile(baseId, 'all.zip', 'ZIP\na.txt: Apple.\ndeep/b.txt: Pear.');
    await waitUntil(async () => (await kit.document(id)) === undefined, 'the archive is gone');
    await waitUntil(agrees, 'rows and index agree');
    await waitUntil(async () => kit.index.words.texts(baseId).length === 2, 'both files are searched');
    const documents = await kit.db.selectFrom('documents').select(['name', 'state']).orderBy('name').execute();
    expect(documents).toEqual([
      { name: 'all.zip/a.txt', state: 'ready' },
      { name: 'all.zip/deep/b.txt', state: 'ready' },
    ]);
  });

  it('that comes once more makes no work for its files', async () => {
    const zip = 'ZIP\na.txt: Apple.';
    const first = await kit.addFile(baseId, 'all.zip', zip);
    await waitUntil(async () => (await kit.document(first)) === undefined, 'the archive is gone');
    await waitUntil(async () => kit.index.words.texts(baseId).length === 1, 'its file is searched');
    const second = await kit.addFile(baseId, 'all.zip', zip);
    await waitUntil(async () => (await kit.document(second)) === undefined, 'the archive is gone again');
    expect(kit.reader.reads).toEqual(
      ['all.zip', 'a.txt', 'all.zip'].map((name) => (name === 'a.txt' ? 'all.zip/a.txt' : name)),
    );
  });
});

describe('a page', () => {
  it('is fetched, and once more only when it changed', async () => {
    kit.pages.set('https://x.test/', 'Page one.');
    const [id = ''] = await kit.ingestion.addPages(baseId, {
      url: 'https://x.test',
      select: [],
      extent: 'page',
      depth: 1,
      limit: 1,
    });
    await kit.until(id, 'ready');
    await kit.ingestion.retry(id);
    await kit.until(id, 'ready');
    expect(kit.reader.reads).toHaveLength(1);
    kit.pages.set('https://x.test/', 'Page two.');
    await kit.ingestion.retry(id);
    await waitUntil(async () => (await kit.texts(id)).includes('Page two.'), 'the change is searched');
  });

  it('that cannot be reached is tried again some times, then fails and says why', async () => {
    const [id = ''] = await kit.ingestion.addPages(baseId, {
      url: 'https://gone.test/',
      select: [],
      extent: 'page',
      depth: 1,
      limit: 1,
    });
    const { error } = await kit.until(id, 'failed');
    expect(JSON.parse(error!)).toMatchObject({ code: 'url_unreachable' });
    const [job] = await kit.db.selectFrom('jobs').select('payload').execute();
    expect(JSON.parse(job!.payload)).toMatchObject({ failures: 2 });
  });

  it('of a site is a document of its own, also one that could not be fetched', async () => {
    kit.crawled = [
      { url: 'https://x.test/', body: Buffer.from('Home.'), mediaType: 'text/html', charset: null },
      { url: 'https://x.test/zh', body: Buffer.from([0xd6, 0xd0]), mediaType: 'text/html', charset: 'gbk' },
      { url: 'https://x.test/bad', error: new ParleyError('url_unreachable', 'Status 500.') },
    ];
    await kit.ingestion.addPages(baseId, { url: 'https://x.test/', select: [], extent: 'site', depth: 2, limit: 10 });
    await waitUntil(async () => kit.index.words.texts(baseId).length === 2, 'the pages are searched');
    expect(kit.index.words.texts(baseId).map((text) => text.replace('\uFEFF', ''))).toEqual(['Home.', '中']);
    const documents = await kit.db.selectFrom('documents').select(['name', 'state']).orderBy('name').execute();
    expect(documents).toEqual([
      { name: 'https://x.test/', state: 'ready' },
      { name: 'https://x.test/bad', state: 'failed' },
      { name: 'https://x.test/zh', state: 'ready' },
    ]);
  });

  it('that only named others is no document', async () => {
    kit.crawled = [{ url: 'https://x.test/a', body: Buffer.from('A.'), mediaType: 'text/html', charset: null }];
    const [id = ''] = await kit.ingestion.addPages(baseId, {
      url: 'https://x.test/sitemap.xml',
      select: [],
      extent: 'sitemap',
      depth: 2,
      limit: 10,
    });
    await waitUntil(async () => (await kit.document(id)) === undefined, 'the sitemap is gone');
    await waitUntil(async () => kit.index.words.texts(baseId).length === 1, 'its page is searched');
    expect(kit.index.words.texts(baseId)).toEqual(['A.']);
  });
});

describe('a document that is removed', () => {
  it('takes no file with it that comes under its name meanwhile', async () => {
    const long = Array.from({ length: 4_000 }, (_, place) => `Paragraph ${place}.`).join('\n\n');
    const id = await kit.addFile(baseId, 'a.txt', long);
    await kit.until(id, 'ready');
    const removed = kit.ingestion.removeDocument(id);
    const next = await kit.addFile(baseId, 'a.txt', 'New.');
    await removed;
    expect(next).not.toBe(id);
    await kit.until(next, 'ready');
    expect(await kit.texts(next)).toEqual(['New.']);
    expect(await agrees()).toBe(true);
  });
});

describe('a base that is removed', () => {
  it('is told to those who follow it, once it is gone', async () => {
    const told = Promise.withResolvers<void>();
    await kit.until(await kit.addFile(baseId, 'a.txt', 'One.'), 'ready');
    const unfollow = kit.changes.follow(baseId, async (id) => {
      const base = kit.db.selectFrom('knowledge_bases').select('id').where('id', '=', baseId);
      if (id === baseId && (await base.executeTakeFirst()) === undefined) told.resolve();
    });
    await kit.ingestion.removeBase(baseId);
    await expect(told.promise).resolves.toBeUndefined();
    unfollow();
  });
});
