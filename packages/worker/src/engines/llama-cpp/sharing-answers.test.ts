import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLocalWorker, type LocalWorker } from './testing/start-local-worker.ts';

const CONVERSATIONS = 8;
const ROUNDS = 30;

let worker: LocalWorker;
beforeAll(async () => {
  worker = await startLocalWorker({ context_length: 512, parallel: CONVERSATIONS });
});
afterAll(() => worker.close());

/** Nowhere the same seven bytes twice, of many lengths, and each another's: what is answered to one fits no neighbour. */
function message(lane: number, round: number): string {
  const length = 2 + ((lane * 7 + round * 3) % 11);
  return Array.from({ length }, (_, place) => (1_000 + lane * 1_111 + round * 131 + place * 7_919).toString(36)).join(
    ' ',
  );
}

it('gives nobody a neighbour’s words in 240 answers, eight at once', async () => {
  const talk = async (_: unknown, lane: number) => {
    const wrong: object[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const asked = message(lane, round);
      const answered = (await worker.ask(asked)).choices[0]?.message.content;
      if (answered !== asked) wrong.push({ asked, answered });
    }
    return wrong;
  };
  const wrong = await Promise.all(Array.from({ length: CONVERSATIONS }, talk));
  expect(wrong.flat()).toEqual([]);
});
