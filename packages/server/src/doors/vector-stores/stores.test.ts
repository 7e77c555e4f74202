import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KnowledgeClient } from '../../testing/knowledge-client.ts';
import { TestServer } from '../../testing/test-server.ts';
import { V1Client, type Listed, type WireFile, type WireStore, type WireStoreFile } from '../testing/v1-client.ts';

let server: TestServer;
let client: V1Client;
let time = Date.UTC(2026, 10, 1);

beforeEach(async () => {
  server = new TestServer();
  // Each object has a time of its own, so that lists have one order.
  await server.start({}, { now: () => (time += 1_000) });
  client = new V1Client(server);
});
afterEach(() => server.dispose());

interface Found {
  search_query: string[];
  data: { file_id: string; filename: string; score: number; attributes: object; content: { text: string }[] }[];
}
const search = (storeId: string, body: object) => client.post<Found>(`/vector_stores/${storeId}/search`, body);
const errorOf = async (response: Response) => {
  const { error } = (await response.json()) as { error: { message: string; param: string | null } };
  return { status: response.status, ...error };
};

describe('a vector store', () => {
  it('is a knowledge base, and a knowledge base is a vector store', async () => {
    const knowledge = new KnowledgeClient(server);
    const store = await client.store({ name: 'Made by a program', metadata: { team: 'a' } });
    const base = await knowledge.create('Made on the page', { description: 'By hand' });
    const shown = await server.json<{ bases: { id: string; name: string }[] }>('/api/knowledge-bases');
    expect(shown.bases.map(({ id }) => `vs_${id}`).toSorted()).toEqual([store.id, `vs_${base.id}`].toSorted());
    const read = await client.json(`/vector_stores/vs_${base.id}`);
    expect(read).toMatchObject({ name: 'Made on the page', description: 'By hand', metadata: null });
    expect(await client.json(`/vector_stores/${base.id}`)).toEqual(read);
  });

  it('is renamed and keeps its metadata until it is given others', async () => {
    const { id } = await client.store({ name: 'Old', metadata: { a: '1' } });
    expect(await client.post(`/vector_stores/${id}`, { name: 'New' })).toMatchObject({
      name: 'New',
      metadata: { a: '1' },
    });
    expect(await client.post(`/vector_stores/${id}`, { metadata: null })).toMatchObject({ name: 'New', metadata: {} });
  });

  it('cuts its files as it was told, and refuses to cut one of them otherwise', async () => {
    const chunking_strategy = {
      type: 'static',
      static: { max_chunk_size_tokens: 200, chunk_overlap_tokens: 20 },
    };
    const { id } = await client.store({ chunking_strategy });
    const file = await client.upload('a.txt', 'Words.');
    const path = `/vector_stores/${id}/files`;
    const other = { ...chunking_strategy, static: { max_chunk_size_tokens: 800, chunk_overlap_tokens: 20 } };
    const refused = await client.fetch(path, { method: 'POST', body: { file_id: file.id, chunking_strategy: other } });
    expect(await errorOf(refused)).toMatchObject({ status: 400, param: 'chunking_strategy' });
    expect((await client.json<Listed<WireStoreFile>>(path)).data).toEqual([]);
    expect(await client.post(path, { file_id: file.id, chunking_strategy })).toMatchObject({ chunking_strategy });
  });

  it.each([
    [{ expires_after: { anchor: 'last_active_at', days: 7 } }, 'expires_after'],
    [{ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, key) => [`k${key}`, 'v'])) }, 'metadata'],
    [{ metadata: { key: 'v'.repeat(513) } }, 'metadata.key'],
    [{ name: 'n'.repeat(121) }, 'name'],
    [{ file_ids: ['file-none'] }, null],
    [
      { chunking_strategy: { type: 'static', static: { max_chunk_size_tokens: 9, chunk_overlap_tokens: 0 } } },
      'chunking_strategy.static.max_chunk_size_tokens',
    ],
  ])('is not made of %j', async (body, param) => {
    const error = await errorOf(await client.fetch('/vector_stores', { method: 'POST', body }));
    expect(error.status).toBeLessThan(500);
    expect(error.status).toBeGreaterThanOrEqual(400);
    expect(error.param).toBe(param);
    expect((await client.json<Listed<WireStore>>('/vector_stores')).data).toEqual([]);
  });
});

describe('a list', () => {
  it('goes forward and back from an id, in both orders', async () => {
    const made: string[] = [];
    for (const name of ['1', '2', '3', '4', '5']) made.push((await client.store({ name })).id);
    const names = async (query: string) => {
      const { data, ...page } = await client.json<Listed<WireStore>>(`/vector_stores?${query}`);
      expect([page.first_id, page.last_id]).toEqual([data[0]?.id ?? null, data.at(-1)?.id ?? null]);
      return `${data.map(({ name }) => name).join('')}${page.has_more ? '+' : ''}`;
    };
    expect(await names('')).toBe('54321');
    expect(await names('limit=2&order=asc')).toBe('12+');
    expect(await names(`limit=2&order=asc&after=${made[1]}`)).toBe('34+');
    expect(await names(`limit=2&order=asc&after=${made[3]}`)).toBe('5');
    expect(await names(`limit=2&order=asc&before=${made[3]}`)).toBe('23+');
    expect(await names(`limit=3&after=${made[2]}`)).toBe('21');
    for (const query of ['limit=0', 'limit=101', 'after=vs_none', `after=${made[0]}&before=${made[1]}`, 'order=up']) {
      const { status } = await client.fetch(`/vector_stores?${query}`);
      expect(`${query} ${status}`).toBe(`${query} 400`);
    }
  });

  it('of files does so too', async () => {
    const ids: string[] = [];
    for (const name of ['1', '2', '3']) ids.push((await client.upload(name, name)).id);
    const page = await client.json<Listed<WireFile>>(`/files?limit=1&order=asc&after=${ids[0]}`);
    expect(page).toMatchObject({ data: [{ id: ids[1] }], has_more: true });
    const { id } = await client.store({ file_ids: ids });
    const path = `/vector_stores/${id}/files`;
    const added = await client.json<Listed<WireStoreFile>>(`${path}?order=asc&before=${ids[2]}`);
    expect(added.data.map((file) => file.id)).toEqual(ids.slice(0, 2));
  });
});

describe('a file of a store', () => {
  it('stays another one when it has the name of one that is there', async () => {
    const { id } = await client.store();
    const [one, other] = [await client.upload('a.txt', 'Cats sit.'), await client.upload('a.txt', 'Dogs bark.')];
    await Promise.all([client.add(id, one.id), client.add(id, other.id)]);
    const found = await search(id, { query: ['cats sit', 'dogs bark'] });
    expect(found.search_query).toEqual(['cats sit', 'dogs bark']);
    expect(found.data.map(({ file_id }) => file_id).toSorted()).toEqual([one.id, other.id].toSorted());
    expect(found.data.map(({ filename }) => filename).toSorted()).toEqual(['a (2).txt', 'a.txt']);
  });

  it('keeps its place and its attributes when it is added again', async () => {
    const { id } = await client.store();
    const file = await client.upload('a.txt', 'Cats sit.');
    await client.add(id, file.id, { topic: 'cats' });
    const again = await client.post<WireStoreFile>(`/vector_stores/${id}/files`, { file_id: file.id });
    expect(again).toMatchObject({ id: file.id, attributes: { topic: 'cats' } });
    expect((await client.json<WireStore>(`/vector_stores/${id}`)).file_counts['total']).toBe(1);
  });

  it('that came by the page has an id of its own, attributes and bytes', async () => {
    const knowledge = new KnowledgeClient(server);
    const { id: baseId } = await knowledge.create('Page');
    await knowledge.add(baseId, { 'page.txt': 'Swans glide over the lake.' });
    const path = `/vector_stores/vs_${baseId}/files`;
    const [file] = (await client.json<Listed<WireStoreFile>>(path)).data;
    expect(file).toMatchObject({ status: 'completed', attributes: {} });
    const named = await client.post<WireStoreFile>(`${path}/${file!.id}`, { attributes: { bird: true } });
    expect(named.attributes).toEqual({ bird: true });
    expect(await (await client.fetch(`/files/${file!.id}/content`)).text()).toBe('Swans glide over the lake.');
    const filters = { type: 'eq', key: 'bird', value: true };
    expect((await search(`vs_${baseId}`, { query: 'swans', filters })).data).toMatchObject([{ file_id: file!.id }]);
    expect((await client.delete(`/files/${file!.id}`)).status).toBe(200);
    expect((await client.json<Listed<WireStoreFile>>(path)).data).toEqual([]);
  });

  it('goes with the file, and the file stays without it', async () => {
    const stores = [await client.store({ name: '1' }), await client.store({ name: '2' })];
    const file = await client.upload('a.txt', 'Cats sit.');
    for (const { id } of stores) await client.add(id, file.id);
    expect((await client.delete(`/vector_stores/${stores[0]!.id}/files/${file.id}`)).status).toBe(200);
    expect(await client.json(`/files/${file.id}`)).toMatchObject({ id: file.id });
    expect((await client.delete(`/files/${file.id}`)).status).toBe(200);
    const left = await client.json<WireStore>(`/vector_stores/${stores[1]!.id}`);
    expect(left.file_counts).toMatchObject({ total: 0 });
  });

  it('that failed says why, and is tried again when it is added again', async () => {
    const { id } = await client.store();
    const file = await client.upload('a.pdf', '%PDF-1.7 nothing');
    expect(await client.add(id, file.id)).toMatchObject({ status: 'failed', last_error: { code: 'invalid_file' } });
    const again = await client.post<WireStoreFile>(`/vector_stores/${id}/files`, { file_id: file.id });
    expect(again).toMatchObject({ status: 'in_progress', last_error: null });
  });
});

describe('a search', () => {
  it('is narrowed by attributes, by name and by score', async () => {
    const { id } = await client.store();
    for (const [name, year] of [
      ['old.txt', 1999],
      ['new.txt', 2026],
    ] as const) {
      await client.add(id, (await client.upload(name, `Cats sat on mats in ${year}.`)).id, { year });
    }
    const names = async (more: object) =>
      (await search(id, { query: 'cats on mats', ...more })).data.map(({ filename }) => filename).toSorted();
    expect(await names({})).toEqual(['new.txt', 'old.txt']);
    expect(await names({ filters: { type: 'gte', key: 'year', value: 2000 } })).toEqual(['new.txt']);
    expect(await names({ filters: { type: 'eq', key: 'filename', value: 'old.txt' } })).toEqual(['old.txt']);
    expect(await names({ filters: { type: 'eq', key: 'year', value: 1 } })).toEqual([]);
    expect(await names({ max_num_results: 1 })).toHaveLength(1);
    expect(await names({ ranking_options: { ranker: 'auto', score_threshold: 0 } })).toHaveLength(2);
    const [best] = (await search(id, { query: 'cats 1999' })).data;
    expect(best).toMatchObject({ filename: 'old.txt', attributes: { year: 1999 } });
    const above = { ranking_options: { score_threshold: best!.score } };
    expect((await search(id, { query: 'cats 1999', ...above })).data).toHaveLength(1);
  });

  it.each([
    { query: '' },
    { query: [] },
    { query: 'x', max_num_results: 51 },
    { query: 'x', filters: { type: 'contains', key: 'a', value: 'b' } },
    { query: 'x', ranking_options: { hybrid_search: { embedding_weight: 1, text_weight: 0 } } },
    { query: 'x', ranking_options: { score_threshold: 2 } },
  ])('refuses %j', async (body) => {
    const { id } = await client.store();
    expect((await client.fetch(`/vector_stores/${id}/search`, { method: 'POST', body })).status).toBe(400);
  });
});
