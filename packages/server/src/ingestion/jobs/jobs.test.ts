import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ParleyError } from '@parley/contracts';
import { waitUntil } from '@parley/service-kit/testing';
import { IngestionKit } from '../testing/ingestion-kit.ts';
import { JobQueue } from './job-queue.ts';

let kit: IngestionKit;
let baseId: string;

beforeEach(async () => {
  kit = new IngestionKit();
  await kit.open();
  baseId = await kit.addBase();
});

afterEach(() => kit.dispose());

const queueOf = (leaseMs = 1_000) =>
  new JobQueue({ db: kit.db, now: kit.now, newId: () => crypto.randomUUID(), leaseMs });
const states = async () => (await kit.db.selectFrom('jobs').select('state').execute()).map(({ state }) => state);

/** A server that took a job and died. */
async function die(): Promise<void> {
  expect(await queueOf().lease(['ingest'])).not.toBeNull();
}

describe('a job', () => {
  it('is taken by one owner only', async () => {
    await kit.addFile(baseId, 'a.txt', 'One.');
    const [one, other] = await Promise.all([queueOf().lease(['ingest']), queueOf().lease(['ingest'])]);
    expect([one, other].filter(Boolean)).toHaveLength(1);
  });

  it('whose owner says nothing until its lease ends is done by another', async () => {
    const id = await kit.addFile(baseId, 'a.txt', 'One.');
    await die();
    // Another server may be alive on this database: only the clock tells that this one is not.
    await kit.restart({ settings: { sharesDatabase: true, pollMs: 20 } });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await states()).toEqual(['running']);
    kit.laterMs = 2_000;
    await kit.until(id, 'ready');
  });

  it('whose owner is known to be dead is done at the start', async () => {
    const id = await kit.addFile(baseId, 'a.txt', 'One.');
    await die();
    kit.ingestion.start();
    expect(await kit.until(id, 'ready')).toMatchObject({ percent: 100 });
  });

  it('stores nothing more for an owner that lost it', async () => {
    await kit.addFile(baseId, 'a.txt', 'One.');
    const queue = queueOf();
    const lost = (await queue.lease(['ingest']))!;
    kit.laterMs = 2_000;
    const [row] = await queue.abandoned(false);
    await kit.db
      .transaction()
      .execute((trx) => queue.requeue(trx, row!.id, { runAt: kit.now(), attempts: 1, error: null }));
    const next = (await queue.lease(['ingest']))!;
    expect(next.id).toBe(lost.id);
    const fence = (job: typeof lost) => kit.db.transaction().execute((trx) => queue.fence(trx, job));
    await expect(fence(lost)).rejects.toMatchObject({ code: 'request_aborted' });
    await expect(fence(next)).resolves.toBeUndefined();
    expect(await queue.renew([lost.lease, next.lease])).toEqual(new Set([lost.lease]));
  });

  it('that outlived too many of its owners is set aside, until a person tries it again', async () => {
    const id = await kit.addFile(baseId, 'poison.txt', 'One.');
    for (let lost = 1; lost <= 4; lost += 1) {
      await die();
      const next = kit.create({ settings: { parallel: 0 } });
      next.start();
      await waitUntil(async () => !(await states()).includes('running'), 'the job is taken back');
      await next.close();
    }
    const { error } = await kit.until(id, 'set-aside');
    expect(JSON.parse(error!)).toMatchObject({
      code: 'document_unreadable',
      message: expect.stringContaining('4 times'),
    });
    kit.ingestion.start();
    await kit.until(await kit.addFile(baseId, 'fine.txt', 'Two.'), 'ready');
    await kit.ingestion.retry(id);
    await kit.until(id, 'ready');
  });

  it('waits for its turn: a base with one file is not held up by one with many', async () => {
    const small = await kit.addBase();
    for (let n = 0; n < 20; n += 1) await kit.addFile(baseId, `${n}.txt`, `Text ${n}.`);
    await kit.addFile(small, 'mine.txt', 'Mine.');
    await kit.restart({ settings: { parallel: 1 } });
    await waitUntil(async () => (await states()).every((state) => state === 'done'), 'all is done');
    expect(kit.reader.reads.indexOf('mine.txt')).toBeLessThan(3);
  });

  it('that fails for a reason that may pass is tried again', async () => {
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    kit.embedder.error = new ParleyError('embedding_failed', 'The model is asleep.');
    kit.embedder.onAsked = () => {
      if (kit.embedder.texts.length === 0 && (asked += 1) === 2) kit.embedder.error = null;
    };
    let asked = 0;
    kit.ingestion.start();
    const id = await kit.addFile(baseId, 'a.txt', 'One.');
    await kit.until(id, 'ready');
    expect(asked).toBe(2);
    expect(kit.ingestion.alarms(baseId)).toEqual([]);
  });

  it('says why it waits, and raises an alarm, while the embedding service is down', async () => {
    await kit.restart({ settings: { retryDelaysMs: [60_000] } });
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    kit.embedder.error = new ParleyError('embedding_failed', 'The model is asleep.');
    const id = await kit.addFile(baseId, 'a.txt', 'One.');
    await waitUntil(async () => (await kit.document(id))?.error !== null, 'the reason is told');
    expect(await kit.document(id)).toMatchObject({ state: 'queued' });
    expect(kit.ingestion.alarms(baseId)).toMatchObject([{ kind: 'embedding-failed', message: 'The model is asleep.' }]);
    expect(await kit.db.selectFrom('chunks').selectAll().execute()).toEqual([]);
    kit.embedder.error = null;
    await kit.ingestion.retry(id);
    await kit.until(id, 'ready');
  });

  it('is given back, not lost, when the server stops', async () => {
    const id = await kit.addFile(baseId, 'a.txt', 'HANG');
    kit.ingestion.start();
    await waitUntil(() => kit.reader.hanging === 1, 'it is read');
    await kit.ingestion.close();
    expect(await kit.db.selectFrom('jobs').select(['state', 'attempts', 'lease_owner']).execute()).toEqual([
      { state: 'queued', attempts: 0, lease_owner: null },
    ]);
    expect(await kit.document(id)).toMatchObject({ state: 'queued' });
  });
});

describe('cancel', () => {
  /** What is left after it, and whether it took less than 2 s and some patience for a busy machine. */
  const cancel = async (id: string) => {
    const begun = Date.now();
    await kit.ingestion.cancel(id);
    const isPrompt = Date.now() - begun < 5_000;
    const versions = await kit.db.selectFrom('document_versions').selectAll().execute();
    const chunks = await kit.db.selectFrom('chunks').selectAll().execute();
    return {
      isPrompt,
      rows: versions.length + chunks.length,
      state: (await kit.document(id))?.state,
      jobs: await states(),
    };
  };
  const CANCELLED = { isPrompt: true, rows: 0, state: 'cancelled', jobs: ['cancelled'] };

  it('ends a job that nobody has taken', async () => {
    expect(await cancel(await kit.addFile(baseId, 'a.txt', 'One.'))).toEqual(CANCELLED);
  });

  it('ends a reader that does not listen', async () => {
    kit.ingestion.start();
    const id = await kit.addFile(baseId, 'a.txt', 'HANG');
    await waitUntil(() => kit.reader.hanging === 1, 'it is read');
    expect(await cancel(id)).toEqual(CANCELLED);
  });

  it('ends an embedding that does not answer', async () => {
    kit.embedder.isSilent = true;
    await kit.ingestion.chooseEmbeddingModel(baseId, 'fake-4');
    kit.ingestion.start();
    const id = await kit.addFile(baseId, 'a.txt', 'One.');
    await kit.until(id, 'embedding');
    expect(await cancel(id)).toEqual(CANCELLED);
    kit.embedder.isSilent = false;
    await kit.ingestion.retry(id);
    await kit.until(id, 'ready');
  });

  it('of a document that is ready changes nothing', async () => {
    kit.ingestion.start();
    const id = await kit.addFile(baseId, 'a.txt', 'One.');
    await kit.until(id, 'ready');
    await kit.ingestion.cancel(id);
    expect(await kit.document(id)).toMatchObject({ state: 'ready' });
  });

  it('of what does not exist is document_not_found', async () => {
    await expect(kit.ingestion.cancel('nothing')).rejects.toMatchObject({ code: 'document_not_found' });
  });
});
