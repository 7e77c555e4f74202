import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embeddingRequestSchema } from '@parley/contracts';
import { collect } from '@parley/service-kit/testing';
import type { Engine } from '../../engine.ts';
import { ask, createTestEngine, never, summary, toRequest } from '../../testing/create-test-engine.ts';
import { startFakeVendor, type FakeVendor } from '../../testing/fake-vendor.ts';

const fixture = (name: string) => readFile(new URL(`__fixtures__/${name}.sse`, import.meta.url), 'utf8');

let vendor: FakeVendor;
let engine: Engine;

beforeEach(async () => {
  vendor = await startFakeVendor();
  engine = await create({});
});
afterEach(async () => {
  await engine.close();
  await vendor.close();
});
const create = (settings: object) =>
  createTestEngine({
    engine: 'gemini',
    base_url: vendor.geminiUrl,
    api_key: vendor.geminiKey,
    upstream_model: 'gemini-3.8-flash',
    ...settings,
  });

describe('a recorded stream of Gemini', () => {
  it('is read as thoughts, text, a whole tool call, and usage of the last chunk', async () => {
    vendor.answer({ stream: await fixture('thoughts-and-call') });
    const { reasoning, content, calls, finishReason, usage } = summary(await ask(engine));
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
    vendor.answer({ stream: await fixture('max-tokens') });
    const { content, finishReason, usage } = summary(await ask(engine));
    expect({ content, finishReason }).toEqual({ content: 'We', finishReason: 'length' });
    expect(usage).toMatchObject({ prompt_tokens: 29, completion_tokens: 59, total_tokens: 88 });
  });
});

describe('an answer of Gemini', () => {
  it('numbers its calls, and hangs a signature on the call that has one', async () => {
    const call = (index: number, name: string) => ({
      tool_calls: [{ index, function: { name, arguments: `{"n":${index}}` } }],
    });
    vendor.answer({ pieces: [call(0, 'one'), call(1, 'two')], finishReason: 'tool_calls' });
    const { calls, finishReason } = summary(await ask(engine));
    expect(finishReason).toBe('tool_calls');
    expect(calls).toMatchObject([
      { index: 0, function: { name: 'one' }, extra_content: { google: { thought_signature: 'EjQKMgEM' } } },
      { index: 1, function: { name: 'two', arguments: '{"n":1}' } },
    ]);
    const ids = calls.map((entry) => (entry as { id: string }).id);
    expect(new Set(ids).size).toBe(2);
  });

  it.each(['SAFETY', 'RECITATION', 'PROHIBITED_CONTENT', 'SPII', 'BLOCKLIST'])(
    'that ends with %s is refused',
    async (reason) => {
      vendor.answer({ pieces: ['Hi'], finishReason: reason });
      await expect(ask(engine)).rejects.toMatchObject({ code: 'content_refused' });
    },
  );

  it.each(['MALFORMED_FUNCTION_CALL', 'OTHER', 'SOMETHING_NEW'])('that ends with %s has failed', async (reason) => {
    vendor.answer({ pieces: ['Hi'], finishReason: reason });
    await expect(ask(engine)).rejects.toMatchObject({ code: 'provider_failed' });
  });

  it('to a prompt that is blocked is refused', async () => {
    const blocked = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 4 } };
    vendor.answer({ stream: `data: ${JSON.stringify(blocked)}\r\n\r\n` });
    await expect(ask(engine)).rejects.toMatchObject({ code: 'content_refused' });
  });

  it('has no end when the stream has none', async () => {
    vendor.answer({ pieces: ['Hel'], finishReason: null });
    expect(summary(await ask(engine))).toMatchObject({ content: 'Hel', finishReason: null });
  });

  it('that breaks off is an error', async () => {
    vendor.answer({ pieces: ['Hel'], afterwards: 'cut' });
    await expect(ask(engine)).rejects.toMatchObject({ code: 'stream_interrupted' });
  });

  it('is given up when its reader leaves', async () => {
    vendor.answer({ pieces: ['Hel'], afterwards: 'stall' });
    const reader = new AbortController();
    const asked = collect(engine.generate(toRequest(), reader.signal));
    asked.catch(() => undefined);
    const upstream = await vendor.request(0);
    reader.abort();
    await upstream.aborted;
    await expect(asked).rejects.toBeDefined();
  });

  it('leaves its connection to the next one', async () => {
    vendor.answerAlways({ pieces: ['Hi'] });
    for (let turn = 0; turn < 5; turn += 1) await ask(engine);
    expect(vendor.connections()).toBeLessThanOrEqual(2);
  });
});

describe('a refusal of Gemini', () => {
  const body = (code: number, status: string, details: object[] = []) => ({
    error: { code, message: `It is ${status}.`, status, details },
  });
  const quota = (quotaId: string) => [
    { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] },
  ];

  it.each([
    [403, body(403, 'PERMISSION_DENIED'), 'provider_key_refused'],
    [404, body(404, 'NOT_FOUND'), 'model_not_found'],
    [400, body(400, 'FAILED_PRECONDITION'), 'provider_quota_exceeded'],
    [429, body(429, 'RESOURCE_EXHAUSTED'), 'provider_rate_limited'],
    [
      429,
      body(429, 'RESOURCE_EXHAUSTED', quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier')),
      'provider_quota_exceeded',
    ],
    [
      429,
      body(429, 'RESOURCE_EXHAUSTED', quota('GenerateRequestsPerMinutePerProjectPerModel-FreeTier')),
      'provider_rate_limited',
    ],
    [500, body(500, 'INTERNAL'), 'provider_failed'],
    [503, body(503, 'UNAVAILABLE'), 'provider_overloaded'],
    [504, body(504, 'DEADLINE_EXCEEDED'), 'provider_failed'],
    [503, [body(503, 'UNAVAILABLE')], 'provider_overloaded'],
    [400, body(400, 'INVALID_ARGUMENT'), 'invalid_request'],
    [
      400,
      {
        error: {
          code: 400,
          message: 'The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).',
          status: 'INVALID_ARGUMENT',
        },
      },
      'context_length_exceeded',
    ],
  ])('with status %i and %j is %s', async (status, answer, code) => {
    vendor.answer({ status, body: answer });
    await expect(ask(engine)).rejects.toMatchObject({ code });
  });

  it('in the middle of a stream is known by its status', async () => {
    vendor.answer({ pieces: ['Hel'], afterwards: body(503, 'UNAVAILABLE') });
    await expect(ask(engine)).rejects.toMatchObject({ code: 'provider_overloaded' });
  });

  it('of the key is a 400, and is told to whoever runs Parley', async () => {
    const wrong = await create({ api_key: 'AIza-somebody-elses' });
    const error = await ask(wrong).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'provider_key_refused', message: expect.stringContaining('refused the key') });
    expect(String((error as Error).cause)).toContain('API key not valid');
    await wrong.close();
  });

  it('says in its details how long to wait', async () => {
    const info = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '38.2s' };
    vendor.answer({ status: 429, body: body(429, 'RESOURCE_EXHAUSTED', [info]) });
    await expect(ask(engine)).rejects.toMatchObject({ retryAfterSeconds: 39 });
  });
});

describe('embeddings of Gemini', () => {
  const embed = async (fields: object) =>
    engine.embed!(embeddingRequestSchema.parse({ model: 'ours', ...fields }), never);
  const use = async (settings: object = {}) => {
    await engine.close();
    engine = await create({ purpose: 'embedding', upstream_model: 'gemini-embedding-001', ...settings });
  };

  it('are asked for in Google’s words, and come in the order of the texts', async () => {
    await use();
    const { vectors } = await embed({ input: ['cats sit', 'dogs run'], dimensions: 8 });
    expect(vectors.map(({ length }) => length)).toEqual([8, 8]);
    const model = 'models/gemini-embedding-001';
    expect(vendor.requests[0]).toMatchObject({
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
    await use();
    const input = Array.from({ length: 150 }, (_, place) => `text ${place}`);
    expect((await embed({ input })).vectors).toHaveLength(150);
    expect(vendor.requests.map((request) => (request.body['requests'] as unknown[]).length)).toEqual([100, 50]);
  });

  it('are an error when one is missing', async () => {
    await use();
    vendor.answer({ texts: 'honest', missing: 1 });
    await expect(embed({ input: ['a', 'b'] })).rejects.toMatchObject({ code: 'provider_failed' });
  });
});
