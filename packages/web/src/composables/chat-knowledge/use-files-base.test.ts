import { afterEach, expect, it, vi } from 'vitest';
import { ref } from 'vue';
import type { Conversation } from '@parley/contracts';
import { FakeRoutes, refusal } from '../../testing/fake-routes.ts';
import { makeBase } from '../../testing/make-knowledge.ts';
import { useFilesBase } from './use-files-base.ts';

afterEach(() => vi.unstubAllGlobals());

const times = { created_at: 0, updated_at: 0, is_running: false };
const made: Conversation = { id: 'c1', title: '', ...times, knowledge_bases: [], files_base_id: null };

function start(opened: Conversation | null, answers: Record<string, () => unknown> = {}) {
  const server = new FakeRoutes({
    'POST /api/conversations': () => Response.json(made, { status: 201 }),
    'POST /api/conversations/c1/files-base': () => makeBase({ id: 'files', kind: 'conversation' }),
    ...answers,
  });
  const conversation = ref(opened);
  const openId = ref(opened?.id ?? null);
  const visit = ref(0);
  const change = (part: Partial<Conversation>) => {
    if (conversation.value) conversation.value = { ...conversation.value, ...part };
  };
  const adopt = (created: Conversation) => {
    [openId.value, conversation.value] = [created.id, created];
  };
  return { server, openId, visit, ...useFilesBase({ openId, conversation, visit, change }, adopt) };
}
const sent = ({ calls }: FakeRoutes) => calls.map(({ method, path }) => `${method} ${path}`);

it('makes the conversation of a new chat first, once, for all files that are dropped at the same time', async () => {
  const base = start(null);
  expect(await Promise.all([base.require(), base.require()])).toEqual(['files', 'files']);
  expect(sent(base.server)).toEqual(['POST /api/conversations', 'POST /api/conversations/c1/files-base']);
  expect([base.openId.value, base.id.value]).toEqual(['c1', 'files']);
});

it('asks for nothing when it is there', async () => {
  const base = start({ ...made, files_base_id: 'known' });
  expect(await base.require()).toBe('known');
  expect(sent(base.server)).toEqual([]);
});

it('tries anew after it failed', async () => {
  let isDown = true;
  const base = start(made, {
    'POST /api/conversations/c1/files-base': () =>
      isDown ? refusal('storage_failed', 500) : makeBase({ id: 'files' }),
  });
  await expect(base.require()).rejects.toMatchObject({ code: 'storage_failed' });
  isDown = false;
  expect(await base.require()).toBe('files');
});

it('does not pull a reader back who has gone on to another conversation', async () => {
  const base = start(null);
  const making = base.require();
  base.visit.value += 1;
  expect(await making).toBe('files');
  expect([base.openId.value, base.id.value]).toEqual([null, null]);
});
