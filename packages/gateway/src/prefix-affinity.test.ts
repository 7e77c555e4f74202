import { afterEach, expect, it } from 'vitest';
import { type FakeWorker } from './testing/fake-worker.ts';
import { TestPlane } from './testing/test-plane.ts';

let plane: TestPlane;
afterEach(() => plane.stop());

const say = (role: string, content: string) => ({ role, content });
const rules = say('system', 'Be brief.');

it('brings each turn of a conversation to the worker that answered the one before', async () => {
  plane = await TestPlane.start();
  const workers = [await plane.addWorker(), await plane.addWorker()];
  const turns: Record<string, object[]> = { ada: [rules], bob: [rules], eve: [rules] };
  const seen: Record<string, Set<FakeWorker>> = { ada: new Set(), bob: new Set(), eve: new Set() };
  for (let turn = 1; turn <= 4; turn += 1) {
    for (const [name, messages] of Object.entries(turns)) {
      messages.push(say('user', `${name} asks ${turn}`));
      const before = workers.map(({ requests }) => requests.length);
      const answer = await plane.complete({ model: 'm', messages, stream: false });
      await answer.text();
      messages.push(say('assistant', 'Hello, world'));
      for (const [index, worker] of workers.entries()) {
        if (worker.requests.length > (before[index] ?? 0)) seen[name]?.add(worker);
      }
      await plane.settled();
    }
  }
  expect(Object.values(seen).map(({ size }) => size)).toEqual([1, 1, 1]);
  expect(workers.every(({ requests }) => requests.length >= 4)).toBe(true);
});
