import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { startLocalWorker, textOf, type LocalChunk, type LocalWorker } from './testing/start-local-worker.ts';

/** Long, and nowhere the same seven bytes twice. */
const words = (count: number) => Array.from({ length: count }, (_, place) => `w${place * 7919}`).join(' ');

let worker: LocalWorker;
beforeAll(async () => {
  worker = await startLocalWorker({ context_length: 4096, parallel: 3, prompt_cache: 0 });
});
afterAll(() => worker.close());

const isIdle = () =>
  waitUntil(async () => {
    const { running, busy_sequences: busy } = await worker.status();
    return running === 0 && busy === 0;
  }, 'all sequences are free');

describe('conversations side by side', () => {
  it('do not mix, and are no more at once than there are sequences', async () => {
    const questions = Array.from({ length: 9 }, (_, place) => `number ${place * 1234} speaking`);
    const answers = await Promise.all(questions.map((question) => worker.ask(question)));
    expect(answers.map(({ choices }) => choices[0]?.message.content)).toEqual(questions);
    expect(await worker.status()).toMatchObject({ concurrency: 3, running: 0, waiting: 0, context_length: 4096 });
  });

  it('show how fast they are written', async () => {
    await worker.ask('/loop', { max_tokens: 100 });
    expect((await worker.status()).tokens_per_second).toBeGreaterThan(0);
  });

  it('read only what is new in the next turn, though nothing is kept on disk', async () => {
    const opening = words(60);
    const first = { role: 'user', content: opening };
    const { usage } = await worker.ask([first], { max_tokens: 5 });
    const turn = [first, { role: 'assistant', content: opening.slice(0, 5) }, { role: 'user', content: 'And now?' }];
    await Promise.all([worker.ask('something else'), worker.ask('another thing')]);
    const second = await worker.ask(turn);
    expect(second.usage.prompt_tokens_details.cached_tokens).toBeGreaterThanOrEqual(usage.prompt_tokens);
    expect(second.choices[0]?.message.content).toBe('And now?');
  });

  it('begin although others use the model without a pause', async () => {
    const left = new AbortController();
    const seen = [0, 0];
    const loops = seen.map((_, place) =>
      worker
        .follow('/loop', { signal: left.signal, onChunk: () => (seen[place] = (seen[place] ?? 0) + 1) })
        .catch(() => undefined),
    );
    await waitUntil(() => seen.every((count) => count > 3), 'both are written');
    for (const question of ['first', 'second', 'third']) {
      expect((await worker.ask(question)).choices[0]?.message.content).toBe(question);
    }
    left.abort();
    await Promise.all(loops);
    await isIdle();
  });
});

describe('a reader that leaves', () => {
  it.each([
    ['while the answer is written', '/loop', 1],
    ['while the prompt is read', `${words(300)} /loop`, 0],
  ])('frees its sequence at once %s', async (_, question, chunksBefore) => {
    const left = new AbortController();
    const chunks: LocalChunk[] = [];
    const more = { parley_report_status: true };
    const reading = worker.follow(question, { signal: left.signal, onChunk: (chunk) => chunks.push(chunk), more });
    reading.catch(() => undefined);
    await waitUntil(
      () => chunks.filter(({ choices }) => choices.length > 0).length >= chunksBefore && chunks.length > 0,
      'it has begun',
    );
    const begun = performance.now();
    left.abort();
    await isIdle();
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect((await worker.ask('Next')).choices[0]?.message.content).toBe('Next');
  });
});

describe('a long prompt', () => {
  it('is read in slices, with its percent told, while a neighbour goes on', async () => {
    const left = new AbortController();
    const order: string[] = [];
    const neighbour = worker.follow('/loop', { signal: left.signal, onChunk: () => order.push('neighbour') });
    neighbour.catch(() => undefined);
    await waitUntil(() => order.length > 5, 'the neighbour is written');
    const percents: number[] = [];
    const text: LocalChunk[] = [];
    await worker.follow(words(220), {
      signal: AbortSignal.timeout(60_000),
      more: { parley_report_status: true, max_tokens: 3 },
      onChunk(chunk) {
        if (chunk.parley?.prompt_percent !== undefined) percents.push(chunk.parley.prompt_percent);
        order.push(chunk.choices.length > 0 ? 'answer' : 'percent');
        text.push(chunk);
      },
    });
    left.abort();
    expect(textOf(text)).toBe('w0 ');
    expect(percents.length).toBeGreaterThan(0);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    const whileRead = order.slice(order.indexOf('percent'), order.indexOf('answer'));
    expect(whileRead.filter((who) => who === 'neighbour').length).toBeGreaterThan(2);
    await isIdle();
  });

  it('tells nothing of its percent to who does not ask', async () => {
    const chunks = await worker.chunks(words(50), { max_tokens: 1 });
    expect(chunks.every(({ choices }) => choices.length > 0)).toBe(true);
  });
});
