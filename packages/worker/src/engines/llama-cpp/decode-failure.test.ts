import { LlamaModel, type LlamaContext } from 'node-llama-cpp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startLocalWorker, type LocalWorker } from './testing/start-local-worker.ts';

let worker: LocalWorker;
let context: LlamaContext;
beforeAll(async () => {
  const createContext = vi.spyOn(LlamaModel.prototype, 'createContext');
  worker = await startLocalWorker({ context_length: 1024, parallel: 1 });
  context = await createContext.mock.results[0]?.value;
  createContext.mockRestore();
});
afterAll(() => worker.close());

/** Lets llama.cpp compute the `which`th batch from now, and then say that it failed: what it holds is then more than what is known. */
function failBatch(which: number): void {
  const native = Reflect.get(context, '_ctx') as { decodeBatch: () => Promise<unknown> };
  const decode = native.decodeBatch.bind(native);
  let count = 0;
  const decodeBatch = async () => {
    await decode();
    count += 1;
    if (count !== which) return;
    Reflect.deleteProperty(native, 'decodeBatch');
    throw new Error('Eval has failed');
  };
  Object.defineProperty(native, 'decodeBatch', { value: decodeBatch, configurable: true });
}

it.each([
  ['first batch of a prompt', 1],
  ['second batch of a prompt', 2],
  ['middle of the answer', 12],
])('answers the next question after llama.cpp failed in the %s', async (_, which) => {
  failBatch(which);
  const question = `What is said ${which} times is what I tell you, and it goes on for a while`;
  expect((await worker.ask(question)).error).toMatchObject({ code: 'model_failed' });
  expect((await worker.ask(question)).choices[0]?.message.content).toBe(question);
  expect((await worker.ask('Another')).choices[0]?.message.content).toBe('Another');
});
