import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { IngestionKit } from '../testing/ingestion-kit.ts';
import { MemoryIndex } from '../testing/memory-index.ts';

let kit: IngestionKit;
let baseId: string;

beforeEach(async () => {
  kit = new IngestionKit();
  await kit.open();
  baseId = await kit.addBase();
  kit.ingestion.start();
});

afterEach(() => kit.dispose());

const report = () => kit.ingestion.verify(baseId);
const add = async (name: string, text: string, base = baseId) =>
  (await kit.until(await kit.addFile(base, name, text), 'ready')).id;
const feed = () => kit.db.selectFrom('index_changes').selectAll().execute();

describe('the index', () => {
  it('is not opened when there is nothing to follow', async () => {
    await add('a.txt', 'One.');
    await report();
    kit.indexOpened = 0;
    await kit.restart();
    await kit.ingestion.close();
    expect(kit.indexOpened).toBe(0);
    expect(await feed()).toMatchObject([{ followed: 'all' }]);
  });

  it('that is new is filled from the rows', async () => {
    await add('a.txt', 'One.');
    await add('b.txt', 'Two.', await kit.addBase());
    await report();
    kit.index = new MemoryIndex();
    expect((await report()).agrees).toBe(true);
    expect(kit.index.words.held.size).toBe(2);
  });

  it('that stands where these rows never were is filled anew', async () => {
    await add('a.txt', 'One.');
    await report();
    await kit.index.words.setPosition(1_000_000);
    kit.index.words.held.clear();
    expect((await report()).agrees).toBe(true);
  });

  it('that cannot be written is an alarm of the bases that it lacks something of, until it can', async () => {
    kit.index.words.error = new Error('The disk is full.');
    await add('a.txt', 'One.');
    await waitUntil(() => kit.ingestion.alarms(baseId).length === 1, 'there is an alarm');
    expect(kit.ingestion.alarms(baseId)).toMatchObject([{ kind: 'index-differs' }]);
    kit.index.words.error = null;
    await waitUntil(() => kit.ingestion.alarms(baseId).length === 0, 'the alarm is over');
    expect((await report()).agrees).toBe(true);
  });

  it('that differs from the rows is told of with ids, raises an alarm, and is mended by a rebuild', async () => {
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    const id = await add('a.txt', 'One.\n\nTwo.');
    await report();
    const { chunks } = kit.index.words.held.get(id)!;
    const lost = chunks.pop()!;
    kit.index.words.held.set('ghost', { baseId, chunks: [{ ...lost, id: 'ghost#0' }] });
    for (const space of kit.index.vectors.spaces.values()) space.delete(lost.id);
    expect(await report()).toEqual({
      documents: 1,
      chunks: 2,
      missing: [lost.id],
      surplus: ['ghost#0'],
      vectors: { expected: 2, found: 1 },
      agrees: false,
    });
    expect(kit.ingestion.alarms(baseId)).toMatchObject([{ kind: 'index-differs' }]);
    expect(await kit.ingestion.rebuild(baseId)).toMatchObject({
      missing: [],
      surplus: [],
      vectors: { expected: 2, found: 2 },
      agrees: true,
    });
    expect(kit.ingestion.alarms(baseId)).toEqual([]);
  });

  it('of a base that does not exist is knowledge_base_not_found', async () => {
    await expect(kit.ingestion.verify('nothing')).rejects.toMatchObject({ code: 'knowledge_base_not_found' });
    await expect(kit.ingestion.rebuild('nothing')).rejects.toMatchObject({ code: 'knowledge_base_not_found' });
  });
});

describe('what is disabled', () => {
  it('is not searched until it is enabled again', async () => {
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    const id = await add('a.txt', 'One.\n\nTwo.');
    await kit.ingestion.setDocumentEnabled(id, false);
    expect(await report()).toMatchObject({ documents: 0, chunks: 0, vectors: { expected: 0, found: 0 }, agrees: true });
    await kit.ingestion.setDocumentEnabled(id, true);
    const [chunk] = await kit.db.selectFrom('chunks').select('id').where('text', '=', 'One.').execute();
    await kit.ingestion.setChunkEnabled(chunk!.id, false);
    expect(await report()).toMatchObject({ chunks: 1, vectors: { expected: 1, found: 1 }, agrees: true });
    expect(kit.index.words.texts(baseId)).toEqual(['Two.']);
  });

  it('stays out when the file comes with other passages around it', async () => {
    const id = await add('a.txt', 'One.\n\nTwo.');
    const [chunk] = await kit.db.selectFrom('chunks').select('id').where('text', '=', 'One.').execute();
    await kit.ingestion.setChunkEnabled(chunk!.id, false);
    await kit.addFile(baseId, 'a.txt', 'One.\n\nThree.');
    await waitUntil(async () => (await kit.texts(id)).includes('Three.'), 'the change is stored');
    await report();
    expect(kit.index.words.texts(baseId)).toEqual(['Three.']);
  });

  it('is chunk_not_found or document_not_found when there is none', async () => {
    await expect(kit.ingestion.setChunkEnabled('x', false)).rejects.toMatchObject({ code: 'chunk_not_found' });
    await expect(kit.ingestion.setDocumentEnabled('x', false)).rejects.toMatchObject({ code: 'document_not_found' });
  });
});

describe('what is removed', () => {
  it('is gone from rows and indexes', async () => {
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    const id = await add('a.txt', 'One.\n\nTwo.');
    await add('b.txt', 'Three.');
    await report();
    await kit.ingestion.removeDocument(id);
    expect(await report()).toMatchObject({ documents: 1, chunks: 1, vectors: { expected: 1, found: 1 }, agrees: true });
    expect(kit.index.words.texts(baseId)).toEqual(['Three.']);
    expect(await kit.db.selectFrom('document_versions').selectAll().execute()).toHaveLength(1);
  });

  it('is gone with its base, wherever its vectors were', async () => {
    const other = await kit.addBase({ vector_store: 'chroma' });
    for (const base of [baseId, other]) await kit.ingestion.chooseEmbeddingModel(base, 'fake-4');
    await add('a.txt', 'One.');
    await add('b.txt', 'Two.', other);
    await report();
    expect([kit.index.vectors.spaces.size, kit.chroma.spaces.size]).toEqual([1, 1]);
    await kit.ingestion.removeBase(baseId);
    await kit.ingestion.removeBase(other);
    await waitUntil(() => kit.index.vectors.spaces.size + kit.chroma.spaces.size === 0, 'no vector is left');
    expect(kit.index.words.held.size).toBe(0);
    for (const table of ['documents', 'chunks', 'chunk_vectors', 'embedding_spaces', 'jobs'] as const) {
      expect(await kit.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
    await expect(kit.ingestion.removeBase(baseId)).rejects.toMatchObject({ code: 'knowledge_base_not_found' });
  });

  it('is stopped first, when it is being worked on', async () => {
    const id = await kit.addFile(baseId, 'a.txt', 'HANG');
    await waitUntil(() => kit.reader.hanging === 1, 'it is read');
    await kit.ingestion.removeDocument(id);
    expect(await kit.document(id)).toBeUndefined();
    await kit.addFile(baseId, 'b.txt', 'HANG');
    await waitUntil(() => kit.reader.hanging === 2, 'it is read');
    await kit.ingestion.removeBase(baseId);
    expect(await kit.db.selectFrom('jobs').selectAll().execute()).toEqual([]);
  });
});

describe('a vector store that is down', () => {
  it('does not hold up the words, is told as an alarm, and gets later what it lacks', async () => {
    const base = await kit.addBase({ vector_store: 'chroma' });
    await kit.ingestion.chooseEmbeddingModel(base, 'fake-4');
    kit.chroma.isDown = true;
    await add('a.txt', 'One.', base);
    await waitUntil(() => kit.index.words.texts(base).length === 1, 'the words are found');
    await waitUntil(() => kit.ingestion.alarms(base).length > 0, 'the alarm is raised');
    expect(kit.ingestion.alarms(base)).toMatchObject([{ kind: 'vector-store-failed' }]);
    expect(await feed()).toContainEqual(expect.objectContaining({ base_id: base, followed: 'words' }));
    // What is missing is known after a restart, too.
    await kit.restart();
    kit.chroma.isDown = false;
    await waitUntil(() => kit.ingestion.alarms(base).length === 0, 'the alarm is over');
    expect(await kit.ingestion.verify(base)).toMatchObject({ vectors: { expected: 1, found: 1 }, agrees: true });
  });

  it('is an alarm too when none is configured any more', async () => {
    const base = await kit.addBase({ vector_store: 'chroma' });
    await kit.ingestion.chooseEmbeddingModel(base, 'fake-4');
    await kit.restart({ chroma: null });
    await add('a.txt', 'One.', base);
    await waitUntil(() => kit.ingestion.alarms(base).length > 0, 'the alarm is raised');
    expect(kit.ingestion.alarms(base)[0]?.message).toContain('no Chroma server is configured');
  });
});
