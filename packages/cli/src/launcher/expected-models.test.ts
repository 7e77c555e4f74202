import { expect, it } from 'vitest';
import type { HttpCall } from '@parley/service-kit/http-client';
import { ExpectedModels } from './expected-models.ts';

function create(outcomes: ('ok' | 'away')[] = []) {
  const calls: HttpCall[] = [];
  const send = async (call: HttpCall) => {
    calls.push(call);
    if (outcomes.shift() === 'away') throw new Error('nobody answers');
  };
  const expected = new ExpectedModels({ controllerUrl: 'http://127.0.0.1:1', secret: 'secret', send });
  const lists = () => calls.map(({ body }) => (body as { models: string[] }).models);
  return { expected, calls, lists };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

it('puts the whole list to the controller, with the secret of the installation', async () => {
  const { expected, calls } = create();
  expected.change(['one', 'two']);
  await settle();
  expect(calls).toEqual([
    {
      url: 'http://127.0.0.1:1/expected_models',
      method: 'PUT',
      headers: { authorization: 'Bearer secret' },
      body: { models: ['one', 'two'] },
    },
  ]);
});

it('sends only the newest of several changes that come while it sends', async () => {
  const { expected, lists } = create();
  for (const name of ['one', 'two', 'three']) expected.change([name]);
  await settle();
  expect(lists()).toEqual([['one'], ['three']]);
});

it('says it again when the controller is back', async () => {
  const { expected, lists } = create(['away', 'ok']);
  expected.change(['one']);
  await settle();
  expected.tell();
  await settle();
  expect(lists()).toEqual([['one'], ['one']]);
});

it('says nothing to a new controller before there is something to say: that one began with the planned list', async () => {
  const { expected, calls } = create();
  expected.tell();
  await settle();
  expect(calls).toEqual([]);
});
