import { beforeEach, describe, expect, it } from 'vitest';
import { errorCodes, type ErrorCode } from '@parley/contracts';
import type { TestWorker } from '../../testing/start-test-worker.ts';
import { ask } from '../../testing/create-test-engine.ts';
import { useVendorBench } from '../../testing/vendor-bench.ts';

// platform.minimax.io/docs/api-reference/text-chat-openai: these fields, `base_resp` always among them.
const HEAD = { id: '0637a03982880edad2460180345734fe', created: 1776839993, model: 'MiniMax-M3' };
const NOTHING_SENSITIVE = {
  input_sensitive: false,
  output_sensitive: false,
  input_sensitive_type: 0,
  output_sensitive_type: 0,
  output_sensitive_int: 0,
};
const withStatus = (status_code: number, status_msg: string, more: object = { choices: null }) => ({
  ...HEAD,
  object: 'chat.completion',
  usage: { total_tokens: 0, total_characters: 0 },
  ...NOTHING_SENSITIVE,
  ...more,
  base_resp: { status_code, status_msg },
});
const delta = (text: string) => ({ choices: [{ index: 0, delta: { role: 'assistant', content: text } }] });
const end = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const sse = (...events: object[]) => ({ stream: events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('') });

const bench = useVendorBench();
let worker: TestWorker;
const start = async (provider: string, more: object = {}) => {
  worker = await bench.worker('openai', { upstream_model: 'MiniMax-M3', provider, ...more });
};
const question = { model: 'ours', messages: [{ role: 'user', content: 'Hi' }] };
const post = async (path: string, body: object) => {
  const { statusCode, body: answer } = await worker.call(path, body);
  return { status: statusCode, body: (await answer.json()) as Record<string, unknown> };
};
const refused = (code: ErrorCode, message: string | RegExp) => ({
  status: errorCodes[code].status,
  body: { error: { code, message: expect.stringMatching(message) } },
});

describe('an answer of status 200 that MiniMax says is an error', () => {
  beforeEach(() => start('minimax'));

  it.each<[number, string, ErrorCode, RegExp]>([
    [1000, 'unknown error', 'provider_failed', /could not answer/],
    [1001, 'request timeout', 'provider_failed', /could not answer/],
    [1002, 'rate limit', 'provider_rate_limited', /accepts no more requests/],
    [1004, 'not authorized', 'provider_key_refused', /refused the key/],
    [1008, 'insufficient balance', 'provider_quota_exceeded', /no quota left/],
    [1024, 'internal error', 'provider_failed', /could not answer/],
    [1026, 'input new_sensitive', 'content_refused', /refused the content/],
    [1027, 'output new_sensitive', 'content_refused', /refused the content/],
    [1033, 'system error', 'provider_failed', /could not answer/],
    [1039, 'token limit', 'provider_rate_limited', /accepts no more requests/],
    [1041, 'conn limit', 'provider_rate_limited', /accepts no more requests/],
    [1042, 'invisible character ratio limit', 'invalid_request', /^invisible character ratio limit$/],
    [2013, 'invalid params', 'invalid_request', /^invalid params$/],
    [2013, 'invalid params, context window exceeds limit', 'context_length_exceeded', /context window/],
    [2013, "invalid params, unknown model 'x'", 'model_not_found', /does not offer the model/],
    [2045, 'rate growth limit', 'provider_rate_limited', /accepts no more requests/],
    [2049, 'invalid api key', 'provider_key_refused', /refused the key/],
    [2056, 'usage limit exceeded', 'provider_quota_exceeded', /no quota left/],
    [2061, 'your current token plan not support model', 'provider_key_refused', /refused the key/],
    [9999, 'something new', 'provider_failed', /could not answer/],
  ])('is one: %i %s', async (status, words, code, message) => {
    bench.vendor.answer(sse(withStatus(status, words)), { status: 200, body: withStatus(status, words) });
    // Before the first word the status of the answer still tells, streamed or not.
    expect(await post('/v1/chat/completions', { ...question, stream: true })).toMatchObject(refused(code, message));
    expect(await post('/v1/chat/completions', question)).toMatchObject(refused(code, message));
  });
});

describe('a status in the body of MiniMax', () => {
  beforeEach(() => start('minimax'));

  it('counts for both of its hosts', async () => {
    await start('minimax-intl');
    bench.vendor.answer(sse(withStatus(1008, 'insufficient balance')));
    const { body } = await post('/v1/chat/completions', question);
    expect(body).toMatchObject({ error: { code: 'provider_quota_exceeded' } });
  });

  it('is kept in the words of MiniMax for whoever runs Parley', async () => {
    bench.vendor.answer(sse(withStatus(1008, 'insufficient balance')));
    const error = await ask(await bench.engine('openai', { provider: 'minimax' })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.not.stringContaining('balance') });
    expect(String((error as Error).cause)).toContain('code 1008: insufficient balance');
  });

  it('of 0 is an answer', async () => {
    bench.vendor.answerAlways(sse({ ...HEAD, ...delta('Hello') }, withStatus(0, '', end)));
    const { body } = await post('/v1/chat/completions', question);
    expect(body).toMatchObject({ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] });
    expect((await worker.stream(question)).data.at(-1)).toBe('[DONE]');
  });

  it.each([{ choices: [] }, {}, delta('')])('is an error beside %j, too', async (choices) => {
    bench.vendor.answer(sse(withStatus(1008, 'insufficient balance', choices)));
    const { status, body } = await post('/v1/chat/completions', { ...question, stream: true });
    expect([status, body]).toEqual([429, { error: expect.objectContaining({ code: 'provider_quota_exceeded' }) }]);
  });

  it('is an error after an empty first chunk, still by its HTTP status', async () => {
    bench.vendor.answer(sse({ ...HEAD, ...delta('') }, withStatus(1002, 'rate limit')));
    const { status } = await post('/v1/chat/completions', { ...question, stream: true });
    expect(status).toBe(429);
  });

  it('ends an answer that has begun with an error, its text kept', async () => {
    bench.vendor.answer(sse({ ...HEAD, ...delta('Hel') }, withStatus(1027, 'output new_sensitive')));
    const { status, data } = await worker.stream(question);
    expect([status, data.some((text) => text.includes('Hel'))]).toEqual([200, true]);
    expect(JSON.parse(data.at(-1)!)).toMatchObject({ error: { code: 'content_refused' } });
  });

  it.each([
    [{ base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }, 'provider_quota_exceeded'],
    // As it answers in OpenAI's form: github.com/MiniMax-AI/MiniMax-M2/issues/62 and 119.
    [
      { type: 'error', error: { type: 'api_error', message: 'insufficient balance (1008)' } },
      'provider_quota_exceeded',
    ],
    [
      { type: 'error', error: { type: 'bad_request_error', message: 'context window exceeds limit (2013)' } },
      'context_length_exceeded',
    ],
    [{ error: { message: 'gone (for now)' } }, 'provider_failed'],
  ])('is understood with another HTTP status, and in words: %j', async (body, code) => {
    bench.vendor.answer({ status: 500, body });
    expect(await post('/v1/chat/completions', question)).toMatchObject({ body: { error: { code } } });
  });

  it('is read where models are listed, as a key is tried', async () => {
    bench.vendor.answer({ status: 200, body: { base_resp: { status_code: 2049, status_msg: 'invalid api key' } } });
    const { statusCode, body } = await worker.call('/worker/upstream-models');
    expect([statusCode, await body.json()]).toMatchObject([502, { error: { code: 'provider_key_refused' } }]);
  });

  it('is read where texts are embedded', async () => {
    await start('minimax', { purpose: 'embedding' });
    bench.vendor.answer({ status: 200, body: { base_resp: { status_code: 1039, status_msg: 'token limit' } } });
    const embedded = await post('/v1/embeddings', { model: 'ours', input: 'Hi' });
    expect(embedded).toMatchObject(refused('provider_rate_limited', /accepts no more requests/));
  });

  it('is nothing to a provider that has none', async () => {
    await start('deepseek');
    bench.vendor.answer(sse({ ...HEAD, ...delta('Hello') }, withStatus(1008, 'insufficient balance', end)));
    expect((await post('/v1/chat/completions', question)).status).toBe(200);
  });
});
