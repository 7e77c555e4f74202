import { expect, it } from 'vitest';
import { collect } from './testing/index.ts';
import { untilAborted } from './until-aborted.ts';

async function* numbers() {
  yield 1;
  yield 2;
}

it('passes everything on when nobody aborts', async () => {
  expect(await collect(untilAborted(numbers(), new AbortController().signal))).toEqual([1, 2]);
});

it('throws at once while the source is silent, and tells it to end', async () => {
  const leaving = new AbortController();
  const silent = Promise.withResolvers<IteratorResult<number>>();
  let wasEnded = false;
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => silent.promise,
      async return() {
        wasEnded = true;
        return { done: true, value: undefined };
      },
    }),
  };
  const reading = collect(untilAborted(source, leaving.signal));
  leaving.abort();
  await expect(reading).rejects.toMatchObject({ code: 'request_aborted' });
  expect(wasEnded).toBe(true);
});

it('asks an aborted source for nothing', async () => {
  await expect(collect(untilAborted(numbers(), AbortSignal.abort()))).rejects.toMatchObject({
    code: 'request_aborted',
  });
});

it('passes on what the source throws', async () => {
  async function* failing() {
    yield 1;
    throw new Error('broken');
  }
  await expect(collect(untilAborted(failing(), new AbortController().signal))).rejects.toThrow('broken');
});
