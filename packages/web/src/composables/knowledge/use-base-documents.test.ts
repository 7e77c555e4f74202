import { flushPromises } from '@vue/test-utils';
import { afterEach, expect, it } from 'vitest';
import { effectScope } from 'vue';
import { ParleyError } from '@parley/contracts';
import { FakeBaseDocuments } from '../../testing/fake-base-documents.ts';
import { makeBaseDocument } from '../../testing/make-knowledge.ts';
import { useBaseDocuments } from './use-base-documents.ts';

let scope = effectScope();
afterEach(() => scope.stop());

async function start(server: FakeBaseDocuments) {
  scope = effectScope();
  const table = scope.run(() => useBaseDocuments('b1', server))!;
  await flushPromises();
  return { table, ids: () => table.documents.value.map(({ id }) => id) };
}

const server = (...ids: string[]) => {
  const fake = new FakeBaseDocuments();
  fake.rows = ids.map((id, index) => makeBaseDocument({ id, created_at: 100 - index }));
  return fake;
};

it('shows the newest first, all pages of them', async () => {
  const fake = server(...Array.from({ length: 5000 }, (_, index) => `d${index}`));
  const { table, ids } = await start(fake);
  await flushPromises();
  expect(table.status.value).toBe('ready');
  expect(ids()).toHaveLength(5000);
  expect(ids().slice(0, 2)).toEqual(['d0', 'd1']);
});

it('shows changes, new documents and removals as they are told', async () => {
  const fake = server('a', 'b');
  const { table, ids } = await start(fake);
  fake.tell(makeBaseDocument({ id: 'a', state: 'failed', created_at: 100, updated_at: 5 }), { id: 'b', removed: true });
  fake.tell(makeBaseDocument({ id: 'c', created_at: 200 }));
  await flushPromises();
  expect(ids()).toEqual(['c', 'a']);
  expect(table.documents.value[1]?.state).toBe('failed');
});

it('does not go back to an older state that comes late', async () => {
  const fake = server('a');
  const { table } = await start(fake);
  fake.tell(makeBaseDocument({ id: 'a', state: 'ready', updated_at: 9 }));
  fake.tell(makeBaseDocument({ id: 'a', state: 'parsing', updated_at: 8 }));
  await flushPromises();
  expect(table.documents.value[0]?.state).toBe('ready');
});

it('reads the rows anew after the connection was lost, and takes out those that went meanwhile', async () => {
  const fake = server('a', 'b');
  const { table, ids } = await start(fake);
  fake.rows = [makeBaseDocument({ id: 'b', created_at: 99 })];
  fake.loseConnection();
  await flushPromises();
  expect(fake.connections).toBe(2);
  expect(ids()).toEqual(['b']);
  expect(table.isLive.value).toBe(true);
});

it('shows the rows when no changes can be followed', async () => {
  const fake = server('a');
  fake.follow = async function* () {
    yield* [];
    await new Promise(() => undefined);
  };
  const { table, ids } = await start(fake);
  expect(ids()).toEqual(['a']);
  expect(table.isLive.value).toBe(false);
});

it('says why the rows could not be read, and reads them when asked again', async () => {
  const fake = server('a');
  fake.refusal = new ParleyError('server_unreachable', 'Gone.');
  const { table, ids } = await start(fake);
  expect(table.status.value).toBe('error');
  expect(table.error.value).toMatchObject({ code: 'server_unreachable' });
  fake.refusal = null;
  await table.reload();
  expect(ids()).toEqual(['a']);
  expect(table.status.value).toBe('ready');
});
