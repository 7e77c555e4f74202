import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatCompletionRequestSchema } from '@parley/contracts';
import { collect, freePort, silentLogger } from '@parley/service-kit/testing';
import { modelConfigSchema } from '../../config.ts';
import type { Engine } from '../../engine.ts';
import { startFakeVendor, type FakeVendor } from '../../testing/fake-vendor.ts';
import { createEngine } from '../registry.ts';

const never = new AbortController().signal;
const toRequest = (fields: object = {}) =>
  chatCompletionRequestSchema.parse({ model: 'ours', messages: [{ role: 'user', content: 'Hi' }], ...fields });

describe('the engine openai-compatible', () => {
  let vendor: FakeVendor;
  let engine: Engine;
  const create = (settings: object) =>
    createEngine(modelConfigSchema.parse({ engine: 'openai-compatible', name: 'ours', ...settings }), {
      logger: silentLogger(),
      now: () => Date.parse('2026-01-01T00:00:00Z'),
      sleep: async () => undefined,
      scratchFolder: null,
    });

  beforeEach(async () => {
    vendor = await startFakeVendor();
    engine = await create({ base_url: `${vendor.openaiUrl}/`, api_key: vendor.openaiKey, upstream_model: 'theirs' });
  });
  afterEach(async () => {
    await engine.close();
    await vendor.close();
  });
  const ask = (fields?: object) => collect(engine.generate(toRequest(fields), never));

  it('sends the request on, streamed, with usage, under the name that the provider knows', async () => {
    vendor.answer({ pieces: ['Hi'] });
    const tools = [{ type: 'function', function: { name: 'f' } }];
    await ask({ temperature: 0.2, tools, stream: false, top_p: null, parley_trace: 'x', logit_bias: { 50256: -100 } });
    expect(vendor.requests[0]?.body).toEqual({
      model: 'theirs',
      messages: [{ role: 'user', content: 'Hi' }],
      temperature: 0.2,
      tools,
      logit_bias: { 50256: -100 },
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('needs no key where the server asks for none, and sends the headers of its settings', async () => {
    const bare = await create({
      base_url: vendor.openaiUrl,
      headers: { authorization: `Bearer ${vendor.openaiKey}`, 'x-team': 'a' },
    });
    vendor.answer({ pieces: ['Hi'] });
    await collect(bare.generate(toRequest(), never));
    expect(vendor.requests[0]?.headers).toMatchObject({ 'x-team': 'a' });
    expect(vendor.requests[0]?.body['model']).toBe('ours');
    await bare.close();
  });

  it('keeps its connections for the next answers', async () => {
    vendor.answerAlways({ pieces: ['Hi'] });
    for (let turn = 0; turn < 6; turn += 1) await ask();
    // One, and a second when a request comes before the last byte of the answer before it.
    expect(vendor.connections()).toBeLessThanOrEqual(2);
  });

  it('hides from the caller what the provider says about its key', async () => {
    const wrong = await create({ base_url: vendor.openaiUrl, api_key: 'sk-wrong' });
    const error = await collect(wrong.generate(toRequest(), never)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'provider_key_refused', message: expect.not.stringContaining('Incorrect') });
    expect(String((error as Error).cause)).toContain('Incorrect API key provided: [hidden]');
    await wrong.close();
  });

  const refusals: [number, object | string, string, object?][] = [
    [403, { error: { message: 'no' } }, 'provider_key_refused'],
    [404, { error: { message: 'The model does not exist', code: 'model_not_found' } }, 'model_not_found'],
    [404, { detail: 'Not Found' }, 'model_not_found'],
    [429, { error: { message: 'slow down', code: 'rate_limit_exceeded' } }, 'provider_rate_limited'],
    [429, { error: { message: 'no money', type: 'insufficient_quota' } }, 'provider_quota_exceeded'],
    [402, { error: { message: 'no money' } }, 'provider_quota_exceeded'],
    [400, { error: { message: 'too long', code: 'context_length_exceeded' } }, 'context_length_exceeded'],
    [
      400,
      { object: 'error', message: "This model's maximum context length is 4096 tokens." },
      'context_length_exceeded',
    ],
    [400, { error: { message: 'filtered', code: 'content_filter' } }, 'content_refused'],
    [400, { error: 'temperature must be a number' }, 'invalid_request', { message: 'temperature must be a number' }],
    [
      422,
      { error: { message: 'bad tools', param: 'tools' } },
      'invalid_request',
      { param: 'tools', message: 'bad tools' },
    ],
    [500, { error: { message: 'oops' } }, 'provider_failed'],
    [503, '<html>', 'provider_failed'],
    [200, { error: { message: 'we are closed' } }, 'provider_failed'],
  ];
  it.each(refusals)('translates status %i with %j to %s', async (status, body, code, more = {}) => {
    vendor.answer({ status, body });
    await expect(ask()).rejects.toMatchObject({ code, ...more });
  });

  it.each([
    ['20', 20],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30],
    ['soon', null],
  ])('reads Retry-After %s', async (header, seconds) => {
    vendor.answer({ status: 429, headers: { 'retry-after': header }, body: {} });
    await expect(ask()).rejects.toMatchObject({ retryAfterSeconds: seconds });
  });

  it('says which model and which provider do not fit', async () => {
    vendor.answer({ status: 404, body: {} });
    await expect(ask()).rejects.toThrow(/127\.0\.0\.1:\d+ does not offer the model theirs/);
  });

  it('says when nobody answers', async () => {
    const lonely = await create({ base_url: `http://127.0.0.1:${await freePort()}/v1` });
    await expect(collect(lonely.generate(toRequest(), never))).rejects.toMatchObject({ code: 'provider_failed' });
    await lonely.close();
  });

  it('gives up a provider that falls silent', async () => {
    const impatient = await create({ base_url: vendor.openaiUrl, api_key: vendor.openaiKey, silence_limit_ms: 30 });
    vendor.answer({ pieces: ['Hi'], afterwards: 'stall' });
    await expect(collect(impatient.generate(toRequest(), never))).rejects.toMatchObject({
      code: 'provider_failed',
      message: expect.stringContaining('silent'),
    });
    await (
      await vendor.request(0)
    ).aborted;
    await impatient.close();
  });

  it.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content_filter'],
    ['eos_token', 'stop'],
  ])('takes the finish reason %s for %s', async (theirs, ours) => {
    vendor.answer({ pieces: ['Hi'], finishReason: theirs });
    expect((await ask()).find(({ finish_reason }) => finish_reason)?.finish_reason).toBe(ours);
  });

  it('takes a finish reason that is none for a failure', async () => {
    vendor.answer({ pieces: ['Hi'], finishReason: 'abort' });
    await expect(ask()).rejects.toMatchObject({ code: 'provider_failed' });
  });

  it('reads usage in an unknown form as none, and goes on', async () => {
    vendor.answer({ pieces: ['Hi'], usage: { tokens: 'many' } });
    const chunks = await ask();
    expect(chunks.map(({ delta }) => delta.content ?? '').join('')).toBe('Hi');
    expect(chunks.every(({ usage }) => usage === null)).toBe(true);
  });
});
