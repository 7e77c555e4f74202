import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { embeddingRequestSchema } from '@parley/contracts';
import { ask as askEngine, never, summary } from '../../testing/create-test-engine.ts';
import { useVendorBench } from '../../testing/vendor-bench.ts';

const fixture = (name: string) => readFile(new URL(`__fixtures__/${name}.sse`, import.meta.url), 'utf8');

const bench = useVendorBench();
const ask = async () => askEngine(await bench.engine('gemini'));

describe('a recorded stream of Gemini', () => {
  it('is read as thoughts, text, a whole tool call, and usage of the last chunk', async () => {
    bench.vendor.answer({ stream: await fixture('thoughts-and-call') });
    const { reasoning, content, calls, finishReason, usage } = summary(await ask());
    expect(reasoning).toMatch(/^\*\*Calculating Yesterday's Date\*\*.*\*\*Refining Date Parameters\*\*/s);
    expect({ content, finishReason }).toEqual({ content: 'Yesterday was 2025-11-10.\n', finishReason: 'tool_calls' });
    const args = '{"city":"shanghai","date":"2025-11-10"}';
    expect(calls).toEqual([
      {
        index: 0,
        id: expect.stringMatching(/^call_[\w-]{36}$/),
        type: 'function',
        function: { name: 'get_weather', arguments: args },
      },
    ]);
    expect(usage).toEqual({
      prompt_tokens: 391,
      completion_tokens: 145,
      total_tokens: 536,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 102 },
    });
  });

  it('that was cut at its bound says so', async () => {
    bench.vendor.answer({ stream: await fixture('max-tokens') });
    const { content, finishReason, usage } = summary(await ask());
    expect({ content, finishReason }).toEqual({ content: 'We', finishReason: 'length' });
    expect(usage).toMatchObject({ prompt_tokens: 29, completion_tokens: 59, total_tokens: 88 });
  });
});

describe('an answer of Gemini', () => {
  it('numbers its calls, and hangs a signature on the call that has one', async () => {
    const call = (index: number, name: string) => ({
      tool_calls: [{ index, function: { name, arguments: `{"n":${index}}` } }],
    });
    bench.vendor.answer({ pieces: [call(0, 'one'), call(1, 'two')], finishReason: 'tool_calls' });
    const { calls, finishReason } = summary(await ask());
    expect(finishReason).toBe('tool_calls');
    expect(calls).toMatchObject([
      { index: 0, function: { name: 'one' }, extra_content: { google: { thought_signature: 'EjQKMgEM' } } },
      { index: 1, function: { name: 'two', arguments: '{"n":1}' } },
    ]);
    const ids = calls.map((entry) => (entry as { id: string }).id);
    expect(new Set(ids).size).toBe(2);
  });

  it('to a prompt that is blocked is refused', async () => {
    const blocked = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 4 } };
    bench.vendor.answer({ stream: `data: ${JSON.stringify(blocked)}\r\n\r\n` });
    await expect(ask()).rejects.toMatchObject({ code: 'content_refused' });
  });

  it('that is refused says in its details how long to wait', async () => {
    const info = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '38.2s' };
    const error = { code: 429, message: 'It is spent.', status: 'RESOURCE_EXHAUSTED', details: [info] };
    bench.vendor.answer({ status: 429, body: { error } });
    await expect(ask()).rejects.toMatchObject({ retryAfterSeconds: 39 });
  });
});

describe('embeddings of Gemini', () => {
  const embed = async (fields: object) => {
    const engine = await bench.engine('gemini', { purpose: 'embedding', upstream_model: 'gemini-embedding-001' });
    return engine.embed!(embeddingRequestSchema.parse({ model: 'ours', ...fields }), never);
  };
  const answered = (...values: number[][]) => ({
    status: 200,
    body: { embeddings: values.map((vector) => ({ values: vector })) },
  });

  it('are asked for in Google’s words, and come in the order of the texts', async () => {
    const { vectors } = await embed({ input: ['cats sit', 'dogs run'], dimensions: 8 });
    expect(vectors.map(({ length }) => length)).toEqual([8, 8]);
    const model = 'models/gemini-embedding-001';
    expect(bench.vendor.requests[0]).toMatchObject({
      path: '/v1beta/models/gemini-embedding-001:batchEmbedContents',
      body: {
        requests: [
          { model, content: { parts: [{ text: 'cats sit' }] }, outputDimensionality: 8 },
          { model, content: { parts: [{ text: 'dogs run' }] }, outputDimensionality: 8 },
        ],
      },
    });
  });

  it('go in batches of a hundred', async () => {
    const input = Array.from({ length: 150 }, (_, place) => `text ${place}`);
    expect((await embed({ input })).vectors).toHaveLength(150);
    expect(bench.vendor.requests.map((request) => (request.body['requests'] as unknown[]).length)).toEqual([100, 50]);
  });

  it('are an error when one is missing', async () => {
    bench.vendor.answer({ texts: 'honest', missing: 1 });
    await expect(embed({ input: ['a', 'b'] })).rejects.toMatchObject({ code: 'provider_failed' });
  });

  it('have length 1, which Google gives only those with all their numbers', async () => {
    bench.vendor.answer(answered([3, 4], [-0.5, 0]));
    const { vectors } = await embed({ input: ['a', 'b'], dimensions: 2 });
    expect(vectors).toEqual([
      [0.6, 0.8],
      [-1, 0],
    ]);
  });

  it('are an error when one is of zeros only', async () => {
    bench.vendor.answer(answered([3, 4], [0, 0]));
    await expect(embed({ input: ['a', 'b'], dimensions: 2 })).rejects.toMatchObject({
      code: 'provider_failed',
      message: expect.stringContaining('nothing but zeros'),
    });
  });
});
