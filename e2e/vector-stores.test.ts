import { OpenAI, toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runParley } from './support/run-parley.ts';
import { startSystem, type System } from './support/system.ts';

const BEES = 'The honey bee dances to tell the others where flowers are. A waggle dance shows direction and distance.';
const TIDES = 'Tides rise and fall because the moon pulls at the sea. Spring tides come at new moon and full moon.';
const POLL = { pollIntervalMs: 50 };

describe('vector stores through the gateway, with the OpenAI SDK', () => {
  let system: System;
  let client: OpenAI;

  beforeAll(async () => {
    system = await startSystem();
    const token = (await runParley(['token', '--name', 'sdk'], system.environment)).stdout.trim();
    client = new OpenAI({ apiKey: token, baseURL: `${system.gatewayUrl}/v1`, maxRetries: 0 });
  });
  afterAll(() => system.stop());

  const upload = async (name: string, text: string) =>
    client.files.create({ file: await toFile(Buffer.from(text), name), purpose: 'assistants' });

  it('keeps files, and gives back their bytes', async () => {
    const file = await upload('蜜蜂 bees.txt', BEES);
    expect(file).toMatchObject({
      object: 'file',
      bytes: BEES.length,
      filename: '蜜蜂 bees.txt',
      purpose: 'assistants',
    });
    expect(await client.files.retrieve(file.id)).toEqual(file);
    expect(await (await client.files.content(file.id)).text()).toBe(BEES);
    const listed = await client.files.list({ purpose: 'assistants' });
    expect(listed.data).toContainEqual(file);
    expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true });
    await expect(client.files.retrieve(file.id)).rejects.toMatchObject({ status: 404, code: 'document_not_found' });
  });

  it('finds what was uploaded as soon as it is completed', async () => {
    const store = await client.vectorStores.create({ name: 'Nature', metadata: { team: 'biology' } });
    expect(store).toMatchObject({ object: 'vector_store', status: 'completed', metadata: { team: 'biology' } });
    const bees = await client.vectorStores.files.uploadAndPoll(
      store.id,
      await toFile(Buffer.from(BEES), 'bees.md'),
      POLL,
    );
    expect(bees).toMatchObject({ object: 'vector_store.file', status: 'completed', last_error: null });
    const { id } = await upload('tides.md', TIDES);
    const body = { file_id: id, attributes: { topic: 'sea', year: 2026 } };
    const tides = await client.vectorStores.files.createAndPoll(store.id, body, POLL);
    expect(tides).toMatchObject({ id, status: 'completed', attributes: body.attributes });

    const found = await client.vectorStores.search(store.id, { query: 'How do bees say where flowers are?' });
    expect(found.data[0]).toMatchObject({ file_id: bees.id, filename: 'bees.md', content: [{ type: 'text' }] });
    expect(found.data[0]!.content[0]!.text).toContain('dances');
    expect(found.data[0]!.score).toBeGreaterThan(0);
    const filters = { type: 'eq', key: 'topic', value: 'sea' } as const;
    const filtered = await client.vectorStores.search(store.id, { query: 'moon and bees dance', filters });
    expect(filtered.data.map(({ filename }) => filename)).toEqual(['tides.md']);

    const parts = await client.vectorStores.files.content(id, { vector_store_id: store.id });
    expect(parts.data.map(({ text }) => text).join('')).toContain('Spring tides');
    expect(await client.vectorStores.retrieve(store.id)).toMatchObject({
      usage_bytes: BEES.length + TIDES.length,
      file_counts: { completed: 2, total: 2 },
    });
    expect(await client.vectorStores.files.delete(id, { vector_store_id: store.id })).toMatchObject({ deleted: true });
    expect((await client.vectorStores.search(store.id, { query: 'spring tides' })).data).toEqual([]);
    expect(await client.vectorStores.delete(store.id)).toMatchObject({ id: store.id, deleted: true });
    await expect(client.vectorStores.retrieve(store.id)).rejects.toMatchObject({ status: 404 });
  });

  it('takes many files at once, pages through them, and says which failed and why', async () => {
    const store = await client.vectorStores.create({});
    const texts = await Promise.all([1, 2, 3].map((number) => toFile(Buffer.from(`${BEES} ${number}`), 'same.txt')));
    const broken = await toFile(Buffer.from('%PDF-1.7 nothing'), 'broken.pdf');
    const { vectorStores } = client;
    const batch = await vectorStores.fileBatches.uploadAndPoll(store.id, { files: [...texts, broken] }, POLL);
    expect(batch).toMatchObject({ status: 'completed', file_counts: { completed: 3, failed: 1, total: 4 } });
    const ids: string[] = [];
    for await (const file of vectorStores.files.list(store.id, { limit: 1, order: 'asc' })) ids.push(file.id);
    expect(new Set(ids).size).toBe(4);
    const failed = await vectorStores.files.list(store.id, { filter: 'failed' });
    expect(failed.data).toMatchObject([{ status: 'failed', last_error: { code: 'invalid_file' } }]);
    const listed = await vectorStores.fileBatches.listFiles(batch.id, {
      vector_store_id: store.id,
      filter: 'completed',
    });
    expect(listed.data).toHaveLength(3);
    const { data } = await vectorStores.search(store.id, { query: 'honey bee', max_num_results: 3 });
    expect(data.every(({ file_id }) => ids.includes(file_id))).toBe(true);
  });

  it('refuses a stranger and what it cannot do, in the words of the API', async () => {
    const stranger = new OpenAI({ apiKey: 'parley_nobody', baseURL: `${system.gatewayUrl}/v1`, maxRetries: 0 });
    await expect(stranger.vectorStores.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
    const wish = { expires_after: { anchor: 'last_active_at', days: 1 } } as const;
    await expect(client.vectorStores.create(wish)).rejects.toMatchObject({ status: 400, param: 'expires_after' });
    const file = await toFile(Buffer.from('{}'), 'a.jsonl');
    await expect(client.files.create({ file, purpose: 'fine-tune' })).rejects.toMatchObject({ param: 'purpose' });
  });
});
