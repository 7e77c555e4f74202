import { describe, expect, it } from 'vitest';
import { chatCompletionRequestSchema, toPassageBlock } from '@parley/contracts';
import { collect, silentLogger } from '@parley/service-kit/testing';
import { modelConfigSchema } from '../../config.ts';
import { englishPassages } from '../../testing/sample-passages.ts';
import { startTestWorker } from '../../testing/start-test-worker.ts';
import { createEngine } from '../registry.ts';
import { cutPieces } from './cut-pieces.ts';

const never = new AbortController().signal;
const messages = [
  { role: 'system', content: toPassageBlock(englishPassages) },
  { role: 'user', content: 'How do I stop an answer?' },
];
const quote = 'From the documents:\n\nThe Stop button ends an answer at once, from any tab. [2]';

async function create() {
  const pauses: number[] = [];
  const engine = await createEngine(modelConfigSchema.parse({ engine: 'extractive', name: 'guide' }), {
    logger: silentLogger(),
    now: Date.now,
    sleep: async (ms) => void pauses.push(ms),
    scratchFolder: null,
  });
  const ask = (fields: object = {}) =>
    collect(engine.generate(chatCompletionRequestSchema.parse({ model: 'guide', messages, ...fields }), never));
  return { ask, pauses };
}
const textOf = (chunks: { index: number; delta: { content?: string | null | undefined } }[], index = 0) =>
  chunks.map((chunk) => (chunk.index === index ? (chunk.delta.content ?? '') : '')).join('');

describe('the engine extractive', () => {
  it('streams word by word, with a pause between', async () => {
    const { ask, pauses } = await create();
    const chunks = await ask();
    expect(textOf(chunks)).toBe(quote);
    expect(chunks.slice(0, 3).map(({ delta }) => delta.content)).toEqual(['From', ' the', ' documents:']);
    expect(pauses).toEqual(Array.from({ length: cutPieces(quote).length - 1 }, () => 12));
  });

  it('ends with stop and an estimate of the tokens', async () => {
    const chunks = await (await create()).ask();
    expect(chunks.find(({ finish_reason }) => finish_reason)?.finish_reason).toBe('stop');
    const usage = chunks.at(-1)?.usage;
    expect(usage?.completion_tokens).toBeGreaterThan(10);
    expect(usage?.total_tokens).toBe(usage!.prompt_tokens + usage!.completion_tokens);
  });

  it.each(['max_tokens', 'max_completion_tokens'])('stops at %s', async (field) => {
    const chunks = await (await create()).ask({ [field]: 6 });
    expect(quote.startsWith(textOf(chunks))).toBe(true);
    expect(chunks.find(({ finish_reason }) => finish_reason)?.finish_reason).toBe('length');
    expect(chunks.at(-1)?.usage?.completion_tokens).toBeLessThanOrEqual(6);
  });

  it('stops before a stop word', async () => {
    expect(textOf(await (await create()).ask({ stop: ['nowhere', ' ends'] }))).toBe(
      'From the documents:\n\nThe Stop button',
    );
  });

  it('gives as many answers as asked for', async () => {
    const chunks = await (await create()).ask({ n: 2 });
    expect([textOf(chunks, 0), textOf(chunks, 1)]).toEqual([quote, quote]);
    expect(chunks.filter(({ finish_reason }) => finish_reason)).toHaveLength(2);
  });

  it('is stopped by a reader that leaves, in the middle of its pause', async () => {
    const worker = await startTestWorker({
      engine: 'extractive',
      name: 'guide',
      piece_delay_ms: 10_000,
      concurrency: 1,
    });
    const running = async () =>
      ((await (await worker.call('/worker/status')).body.json()) as { running: number }).running;
    const reader = new AbortController();
    const body = { model: 'guide', messages, stream: true };
    const answer = await worker.call('/v1/chat/completions', body, reader.signal);
    answer.body.on('error', () => undefined);
    expect(await running()).toBe(1);
    const left = performance.now();
    reader.abort();
    while ((await running()) > 0) expect(performance.now() - left).toBeLessThan(5_000);
    await worker.close();
  });
});

describe('cutPieces', () => {
  it.each([
    ['你好，世界。Parley 可以 stop。', ['你好，', '世界。', 'Parley', ' 可以', ' stop', '。']],
    ['a\n\n1. b  ', ['a', '\n\n1.', ' b', '  ']],
    ['😀😀 x', ['😀😀', ' x']],
  ])('cuts %j into words, or up to three characters', (text, pieces) => {
    expect(cutPieces(text)).toEqual(pieces);
    expect(pieces.join('')).toBe(text);
  });

  it('cuts a run without spaces', () => {
    const pieces = cutPieces('x'.repeat(100));
    expect(Math.max(...pieces.map(({ length }) => length))).toBe(24);
    expect(pieces.join('')).toHaveLength(100);
  });
});
