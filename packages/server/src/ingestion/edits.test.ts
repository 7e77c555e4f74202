import { randomUUIDv7 } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { baseSettingsSchema } from '@parley/contracts';
import { sweepVersions } from './rows/sweep-versions.ts';
import { readVersion } from './rows/read-version.ts';
import { applyEdit } from './stages/apply-edit.ts';
import { IngestionKit } from './testing/ingestion-kit.ts';

let kit: IngestionKit;
let baseId: string;
let id: string;
let versionId: string;

beforeEach(async () => {
  kit = new IngestionKit();
  await kit.open();
  baseId = await kit.addBase();
  kit.ingestion.start();
  id = await kit.addFile(baseId, 'a.txt', 'One.\n\nTwo.\nTwo and a half.\n\nThree.');
  versionId = (await kit.until(id, 'ready')).version_id!;
});

afterEach(() => kit.dispose());

const edit = (start: number, end: number, text: string, version = versionId) =>
  kit.ingestion.editText(id, { versionId: version, start, end, text });
const newVersion = async () => {
  await waitUntil(async () => (await kit.document(id))?.version_id !== versionId, 'there is a new version');
  return (await kit.until(id, 'ready')).version_id!;
};

describe('a text that is edited', () => {
  it('is a new version, and the old one stays as it was', async () => {
    await edit(0, 4, 'First!');
    const next = await newVersion();
    expect(await kit.texts(id)).toEqual(['First!', 'Two.\nTwo and a half.', 'Three.']);
    expect((await readVersion(kit.db, next))?.text).toBe('First!\n\nTwo.\nTwo and a half.\n\nThree.');
    expect((await readVersion(kit.db, versionId))?.text).toBe('One.\n\nTwo.\nTwo and a half.\n\nThree.');
    expect((await kit.ingestion.verify(baseId)).agrees).toBe(true);
    const versions = await kit.db
      .selectFrom('document_versions')
      .select(['number', 'file_hash'])
      .orderBy('number')
      .execute();
    expect(versions).toEqual([
      { number: 1, file_hash: expect.any(String) },
      { number: 2, file_hash: null },
    ]);
  });

  it('is begun again from its file by a retry', async () => {
    await edit(0, 4, 'First!');
    versionId = await newVersion();
    await kit.ingestion.retry(id);
    await newVersion();
    expect(await kit.texts(id)).toContain('One.');
  });

  it('is refused when another version is the newest, when a job works on it, or beyond its end', async () => {
    await expect(edit(0, 1, '', 'another')).rejects.toMatchObject({ code: 'document_changed' });
    await expect(edit(0, 1_000, '')).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(edit(5, 4, '')).rejects.toMatchObject({ code: 'invalid_request' });
    await kit.addFile(baseId, 'a.txt', 'HANG');
    await expect(edit(0, 1, '')).rejects.toMatchObject({ code: 'document_busy' });
  });

  it('moves pages and hidden places along with it', () => {
    const stored = {
      title: 'T',
      language: 'en',
      flags: [],
      text: 'aaaabbbbcccc',
      pages: [
        { number: 1, start: 0 },
        { number: 2, start: 6 },
        { number: 3, start: 8 },
      ],
      hiddenSpans: [
        { start: 4, end: 8, flag: 'hidden-text' as const },
        { start: 9, end: 12, flag: 'hidden-text' as const },
      ],
    };
    expect(applyEdit(stored, { start: 4, end: 8, text: 'x' })).toMatchObject({
      text: 'aaaaxcccc',
      pages: [
        { number: 1, start: 0 },
        { number: 2, start: 4 },
        { number: 3, start: 5 },
      ],
      hiddenSpans: [
        { start: 4, end: 5 },
        { start: 6, end: 9 },
      ],
    });
  });
});

describe('new split settings', () => {
  async function openJobs(base: string): Promise<number> {
    const jobs = kit.db.selectFrom('jobs').select('id').where('base_id', '=', base);
    return (await jobs.where('state', 'in', ['queued', 'running']).execute()).length;
  }

  async function changeSplit(max_tokens: number, base = baseId): Promise<void> {
    const settings = JSON.stringify(baseSettingsSchema.parse({ split: { max_tokens } }));
    await kit.db.transaction().execute(async (trx) => {
      await trx.updateTable('knowledge_bases').set({ settings }).where('id', '=', base).execute();
      await kit.ingestion.splitAnew(base, trx);
    });
  }

  it('cut every document anew, in the version that it has', async () => {
    await changeSplit(50);
    await waitUntil(async () => (await kit.texts(id)).length === 4, 'it is cut anew');
    expect(await kit.document(id)).toMatchObject({ version_id: versionId, state: 'ready' });
    expect(await kit.texts(id)).toEqual(['One.', 'Two.', 'Two and a half.', 'Three.']);
    expect(await kit.db.selectFrom('document_versions').select('id').execute()).toEqual([{ id: versionId }]);
    expect(await kit.ingestion.verify(baseId)).toMatchObject({ chunks: 4, agrees: true });
  });

  it('of a base that does not exist are knowledge_base_not_found', async () => {
    const split = kit.db.transaction().execute((trx) => kit.ingestion.splitAnew('nothing', trx));
    await expect(split).rejects.toMatchObject({ code: 'knowledge_base_not_found' });
  });

  it('are followed by the next server when this one ends before it has begun', async () => {
    await kit.ingestion.close();
    await changeSplit(50);
    await kit.restart();
    await waitUntil(async () => (await kit.texts(id)).length === 4, 'it is cut anew');
    expect(await kit.texts(id)).toContain('Two and a half.');
  });

  it('also reach a document that was being read by the old ones', async () => {
    const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await kit.restart({
      embedder: (model) => async (texts, signal) => {
        asked.resolve();
        await answered.promise;
        return kit.embedder.of(model)(texts, signal);
      },
    });
    const other = await kit.addBase();
    await kit.ingestion.chooseEmbeddingModel(other, 'fake-4');
    const late = await kit.addFile(other, 'late.txt', 'One.\nTwo.');
    await asked.promise;
    await changeSplit(50, other);
    await waitUntil(async () => (await openJobs(other)) === 1, 'the other documents were told');
    answered.resolve();
    await waitUntil(async () => (await kit.texts(late)).length === 2, 'it is cut anew');
    expect(await kit.until(late, 'ready')).toMatchObject({ version_id: expect.any(String) });
  });
});

describe('a superseded version', () => {
  const sweep = (keepMs: number) => sweepVersions({ db: kit.db, now: kit.now, keepMs });
  const versions = async () =>
    (await kit.db.selectFrom('document_versions').select('id').orderBy('number').execute()).map((row) => row.id);

  async function cite(cited: string): Promise<void> {
    const conversation = { id: 'c', user_id: 'ada', title: 'T', is_named: 0, created_at: 1, updated_at: 1 };
    await kit.db.insertInto('conversations').values(conversation).execute();
    const message = {
      id: randomUUIDv7(),
      conversation_id: 'c',
      parent_id: null,
      sequence: 1,
      role: 'assistant' as const,
      status: 'complete',
      content: '',
    };
    const none = {
      reasoning: null,
      model: null,
      usage: null,
      timings: null,
      error: null,
      finish_reason: null,
      trace: null,
      feedback: null,
    };
    const sources = JSON.stringify([{ index: 1, document_id: id, version_id: cited }]);
    await kit.db
      .insertInto('messages')
      .values({ ...message, ...none, sources, created_at: 1, finished_at: 1 })
      .execute();
  }

  beforeEach(async () => {
    await kit.addFile(baseId, 'a.txt', 'Newer.');
    await newVersion();
  });

  it('goes when nothing cites it and it is old enough', async () => {
    expect(await sweep(60_000)).toBe(0);
    kit.laterMs = 120_000;
    expect(await sweep(60_000)).toBe(1);
    expect(await versions()).toEqual([(await kit.document(id))?.version_id]);
    expect(await kit.texts(id)).toEqual(['Newer.']);
  });

  it('stays as long as a stored answer cites it', async () => {
    await cite(versionId);
    kit.laterMs = 120_000;
    expect(await sweep(60_000)).toBe(0);
    expect((await readVersion(kit.db, versionId))?.text).toContain('Two and a half.');
    await kit.db.deleteFrom('messages').execute();
    expect(await sweep(60_000)).toBe(1);
  });

  it('stays when it is the only one that knows the file', async () => {
    versionId = (await kit.document(id))!.version_id!;
    await edit(0, 5, 'Edited');
    await newVersion();
    kit.laterMs = 120_000;
    expect(await sweep(60_000)).toBe(1);
    expect(await versions()).toEqual([versionId, (await kit.document(id))?.version_id]);
  });
});
