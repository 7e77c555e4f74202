import { beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import type { TestWorker } from '../../testing/start-test-worker.ts';
import { useVendorBench } from '../../testing/vendor-bench.ts';

const WIRES = ['openai', 'zhipu', 'anthropic', 'gemini'] as const;
const question = { model: 'ours', messages: [{ role: 'user', content: 'Weather in Bonn?' }] };
const CALL = [
  { reasoning_content: 'Let me look.' },
  { tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }] },
  { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] },
  { tool_calls: [{ index: 0, function: { arguments: '"Bonn"}' } }] },
];

describe.each(WIRES)('a worker whose provider speaks the wire %s', (wire) => {
  const bench = useVendorBench();
  let worker: TestWorker;

  beforeEach(async () => {
    worker = await bench.worker(wire);
  });
  const ask = (body: object, signal?: AbortSignal) => worker.call('/v1/chat/completions', body, signal);
  const running = async () =>
    ((await (await worker.call('/worker/status')).body.json()) as { running: number }).running;

  it('streams OpenAI’s chunks: role, text, end, usage, [DONE]', async () => {
    bench.vendor.answer({ pieces: ['Ra', 'in'] });
    const { status, data } = await worker.stream({ ...question, stream_options: { include_usage: true } });
    expect([status, data.at(-1)]).toEqual([200, '[DONE]']);
    const chunks = data.slice(0, -1).map((text) => JSON.parse(text));
    expect(chunks.flatMap(({ choices }) => choices)).toEqual([
      { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null },
      { index: 0, delta: { content: 'Ra' }, finish_reason: null },
      { index: 0, delta: { content: 'in' }, finish_reason: null },
      { index: 0, delta: {}, finish_reason: 'stop' },
    ]);
    expect(chunks.at(-1).usage).toMatchObject({ prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 });
  });

  it('joins thoughts and a tool call into one answer', async () => {
    bench.vendor.answer({ pieces: CALL, finishReason: 'tool_calls' });
    expect(await (await ask(question)).body.json()).toMatchObject({
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: null,
            reasoning_content: 'Let me look.',
            tool_calls: [
              {
                id: expect.stringMatching(/^call_/),
                type: 'function',
                function: { name: 'weather', arguments: '{"city":"Bonn"}' },
              },
            ],
          },
        },
      ],
    });
  });

  it('answers one token, as a key is tested', async () => {
    bench.vendor.answer({ pieces: ['R'], finishReason: 'length' });
    const answer = await ask({ ...question, max_tokens: 1 });
    expect(await answer.body.json()).toMatchObject({
      choices: [{ finish_reason: 'length', message: { content: 'R' } }],
    });
    expect(JSON.stringify(bench.vendor.requests[0]?.body)).toMatch(/"max(_tokens|OutputTokens)":1[,}]/);
  });

  it('takes a stream without an end for interrupted', async () => {
    bench.vendor.answer({ pieces: ['Ra'], finishReason: null });
    const { data } = await worker.stream(question);
    expect(JSON.parse(data.at(-1)!)).toMatchObject({ error: { code: 'stream_interrupted' } });
    expect(data.some((text) => text.includes('Ra'))).toBe(true);
  });

  it('closes the provider’s connection when its reader leaves, and frees the slot', async () => {
    bench.vendor.answer({ pieces: ['Ra'], afterwards: 'stall' });
    const reader = new AbortController();
    const asked = ask({ ...question, stream: true }, reader.signal).then(({ body }) => body.text());
    asked.catch(() => undefined);
    const upstream = await bench.vendor.request(0);
    reader.abort();
    await expect(upstream.aborted).resolves.toBeUndefined();
    await waitUntil(async () => (await running()) === 0, 'the slot is free');
  });

  it('never sends what only Parley knows', async () => {
    bench.vendor.answer({ pieces: ['Rain'] });
    await ask({ ...question, parley_token_ids: true, parley_report_status: true });
    expect(JSON.stringify(bench.vendor.requests[0]?.body)).not.toContain('parley_');
  });
});
