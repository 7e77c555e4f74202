import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation, ConversationPage } from '@parley/contracts';
import { TestServer } from '../testing/test-server.ts';

let server: TestServer;
let time: number;

beforeEach(async () => {
  server = new TestServer();
  time = 1_000;
  await server.start({}, { now: () => time });
});

afterEach(() => server.dispose());

const create = (name: string) => server.json<Conversation>('/api/conversations', { method: 'POST', body: { name } });

describe('the list of conversations', () => {
  it('comes newest first, in pages that miss none and repeat none', async () => {
    for (let index = 0; index < 25; index += 1) {
      // Every second one falls into the same millisecond as the one before.
      if (index % 2 === 0) time += 1;
      await create(`${index}`);
    }
    const titles: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: ConversationPage = await server.json(
        `/api/conversations?limit=10${next === '' ? '' : `&before=${encodeURIComponent(next)}`}`,
      );
      titles.push(...page.conversations.map(({ title }) => title));
      next = page.next;
    }
    expect(titles).toEqual(Array.from({ length: 25 }, (_, index) => `${24 - index}`));
  });

  it.each(['limit=0', 'limit=101', 'limit=x', 'before=nonsense'])('refuses %s', async (query) => {
    const response = await server.fetch(`/api/conversations?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: query.split('=')[0] } });
  });
});

describe('a conversation', () => {
  it('can be renamed, read and deleted', async () => {
    const { id } = await create('Old');
    const path = `/api/conversations/${id}`;
    expect(await server.json(path, { method: 'PATCH', body: { title: ' New ' } })).toMatchObject({ id, title: 'New' });
    expect(await server.json(`${path}/messages`)).toEqual({ messages: [] });
    expect((await server.fetch(path, { method: 'DELETE' })).status).toBe(204);
    expect((await server.fetch(path)).status).toBe(404);
  });

  it.each([
    ['PATCH', '', { title: '  ' }, 'title'],
    ['PATCH', '', {}, 'title'],
    ['POST', '', { name: 'x'.repeat(201) }, 'name'],
  ])('names the field that %s has wrong', async (method, _, body, param) => {
    const { id } = await create('One');
    const response = await server.fetch(method === 'POST' ? '/api/conversations' : `/api/conversations/${id}`, {
      method,
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_request', param } });
  });
});
