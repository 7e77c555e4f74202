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

const spaces = () => kit.ingestion.spaces(baseId);
const stateOf = async (model: string) => (await spaces()).find((space) => space.model === model)?.state;
const settle = (model: string, state: string) =>
  waitUntil(async () => (await stateOf(model)) === state, `${model} is ${state}`);
const report = () => kit.ingestion.verify(baseId);

async function fill(...names: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) ids.push(await kit.addFile(baseId, name, `First of ${name}.\n\nSecond of ${name}.`));
  for (const id of ids) await kit.until(id, 'ready');
  return ids;
}

describe('an embedding model', () => {
  it('answers at once in a base that is empty', async () => {
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    expect(await spaces()).toMatchObject([{ model: 'fake-4', state: 'active', dimensions: null, done: 0, total: 0 }]);
    await fill('a');
    expect(await spaces()).toMatchObject([{ dimensions: 4, done: 2, total: 2 }]);
    expect(await report()).toMatchObject({ chunks: 2, vectors: { expected: 2, found: 2 }, agrees: true });
  });

  it('fills a space beside the one that answers, takes its place when it is full, and can be taken back', async () => {
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    await fill('a', 'b');
    kit.embedder.error = new ParleyError('embedding_failed', 'Not now.');
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-8');
    await waitUntil(async () => (await spaces())[0]?.error !== null, 'it says why it waits');
    expect(await spaces()).toMatchObject([
      { model: 'fake-8', state: 'filling', done: 0, total: 4 },
      { model: 'fake-4', state: 'active', done: 4, total: 4 },
    ]);
    kit.embedder.error = null;
    await settle('fake-8', 'active');
    expect(await spaces()).toMatchObject([
      { model: 'fake-8', state: 'active', dimensions: 8, done: 4, error: null },
      { model: 'fake-4', state: 'retired', dimensions: 4, done: 4 },
    ]);
    expect(await report()).toMatchObject({ vectors: { expected: 4, found: 4 }, agrees: true });
    const [, before] = await spaces();
    await kit.ingestion.activateSpace(baseId, before!.id);
    expect(await stateOf('fake-4')).toBe('active');
    expect(await stateOf('fake-8')).toBe('retired');
    expect((await report()).agrees).toBe(true);
  });

  it('gives vectors to what came while it was retired, after it is gone back to', async () => {
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    await fill('a');
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-8');
    await settle('fake-8', 'active');
    await fill('new');
    const before = (await spaces()).find(({ model }) => model === 'fake-4')!;
    expect(before).toMatchObject({ state: 'retired', done: 2, total: 4 });
    await kit.ingestion.activateSpace(baseId, before.id);
    await waitUntil(async () => (await report()).agrees, 'its vectors are all there');
    expect(await report()).toMatchObject({ vectors: { expected: 4, found: 4 } });
  });

  it('that fails for good leaves the old one answering and says why', async () => {
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    await fill('a');
    kit.embedder.error = new ParleyError('model_not_found', 'There is no such model.');
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-8');
    await settle('fake-8', 'failed');
    expect(await spaces()).toMatchObject([
      { model: 'fake-8', error: { code: 'model_not_found', message: 'There is no such model.' } },
      { model: 'fake-4', state: 'active' },
    ]);
    kit.embedder.error = null;
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-8');
    await settle('fake-8', 'active');
  });

  it('is given up for words alone, and another choice is taken back while it is filled', async () => {
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    await fill('a');
    kit.embedder.isSilent = true;
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-8');
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    expect(await spaces()).toMatchObject([{ model: 'fake-4', state: 'active' }]);
    await kit.ingestion.chooseEmbeddingModel(baseId, null);
    expect(await spaces()).toMatchObject([{ model: 'fake-4', state: 'retired' }]);
    expect((await report()).vectors).toBeNull();
  });

  it('that changes the length of its vectors fails the file instead of mixing them', async () => {
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    await fill('a');
    await kit.restart({ embedder: () => kit.embedder.of('fake-8'), settings: { retryDelaysMs: [] } });
    const id = await kit.addFile(baseId, 'b', 'Other.');
    const { error } = await kit.until(id, 'failed');
    expect(JSON.parse(error!)).toMatchObject({ code: 'embedding_failed', message: expect.stringContaining('length') });
    expect((await report()).agrees).toBe(true);
  });

  it('that answers a zero vector fails the file', async () => {
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    await kit.restart({
      embedder: () => async (texts) => texts.map(() => new Float32Array(4)),
      settings: { retryDelaysMs: [] },
    });
    const id = await kit.addFile(baseId, 'a', 'Text.');
    expect(JSON.parse((await kit.until(id, 'failed')).error!)).toMatchObject({ code: 'embedding_failed' });
    expect(await kit.db.selectFrom('chunks').selectAll().execute()).toEqual([]);
  });
});

describe('a changed file', () => {
  it('has only what changed embedded', async () => {
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    const id = await kit.addFile(baseId, 'a.txt', 'One.\n\nTwo.\n\nTwo.\n\nThree.');
    await kit.until(id, 'ready');
    expect(kit.embedder.texts).toHaveLength(3);
    await kit.addFile(baseId, 'a.txt', 'One.\n\nTwo.\n\nChanged.');
    await waitUntil(async () => (await kit.texts(id)).includes('Changed.'), 'the change is searched');
    expect(kit.embedder.texts.slice(3).map(({ text }) => text)).toEqual(['a.txt\nChanged.']);
    expect(await report()).toMatchObject({ vectors: { expected: 3, found: 3 }, agrees: true });
  });

  it('of the same passages as another is embedded with its vectors only under the same title', async () => {
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    await fill('a');
    await fill('b');
    expect(kit.embedder.texts).toHaveLength(4);
    const other = await kit.addBase();
    await kit.ingestion.chooseEmbeddingModel(other, 'fake-4');
    await kit.until(await kit.addFile(other, 'a', 'First of a.'), 'ready');
    expect(kit.embedder.texts).toHaveLength(5);
  });
});
