import { LlamaModel, type LlamaContext } from 'node-llama-cpp';
import { afterEach, expect, it, vi } from 'vitest';
import { tinyModels } from '../../testing/tiny-models/index.ts';
import { startLocalWorker, type LocalWorker } from './testing/start-local-worker.ts';

let worker: LocalWorker;
afterEach(() => worker.close());

/** A worker, and how to fail it: llama.cpp computes the `which`th batch from now, and then says that it failed. */
async function start(model: object) {
  const createContext = vi.spyOn(LlamaModel.prototype, 'createContext');
  worker = await startLocalWorker({ context_length: 1024, parallel: 1, ...model });
  const context = (await createContext.mock.results[0]?.value) as LlamaContext;
  createContext.mockRestore();
  return (which: number) => failBatch(context, which);
}

/** What llama.cpp holds is then more than what the library knows of. */
function failBatch(context: LlamaContext, which: number): void {
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
  const fail = await start({});
  fail(which);
  const question = `What is said ${which} times is what I tell you, and it goes on for a while`;
  expect((await worker.ask(question)).error).toMatchObject({ code: 'model_failed' });
  expect((await worker.ask(question)).choices[0]?.message.content).toBe(question);
  expect((await worker.ask('Another')).choices[0]?.message.content).toBe('Another');
});

it('answers those who waited after llama.cpp failed in the answers of others', async () => {
  const fail = await start({ parallel: 2 });
  fail(5);
  const questions = ['one of two', 'two of two', 'in the queue', 'in it, too'];
  const answered = await Promise.all(questions.map((question) => worker.ask(question)));
  const failed = answered.filter(({ error }) => error?.code === 'model_failed');
  expect([1, 2]).toContain(failed.length);
  expect(answered.filter(({ choices }, place) => choices?.[0]?.message.content === questions[place])).toHaveLength(
    questions.length - failed.length,
  );
  const again = await Promise.all(questions.map((question) => worker.ask(question)));
  expect(again.map(({ choices }) => choices[0]?.message.content)).toEqual(questions);
});

it.each(['chat', 'embedding'] as const)(
  'makes the next embedding after llama.cpp failed in one, with a model for %s',
  async (kind) => {
    const fail = await start({ purpose: 'embedding', model_path: tinyModels()[kind] });
    const embed = () => worker.post('/v1/embeddings', { input: ['the cat', 'a dog'] });
    const before = await embed();
    fail(1);
    const [met, failed] = (await Promise.all([embed(), embed()])).toSorted((a, b) => a.status - b.status);
    expect(failed).toMatchObject({ status: 500, body: { error: { code: 'model_failed' } } });
    expect([met, await embed()]).toEqual([before, before]);
  },
);

it('ranks the next texts after llama.cpp failed in one', async () => {
  const fail = await start({ purpose: 'rerank', model_path: tinyModels().reranker });
  const rank = () => worker.post('/v1/rerank', { query: 'cat', documents: ['the cat sat', 'horse '.repeat(600)] });
  const before = await rank();
  fail(3);
  expect(await rank()).toMatchObject({ status: 500, body: { error: { code: 'model_failed' } } });
  expect(await rank()).toEqual(before);
});
