import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatCompletionRequestSchema } from '@parley/contracts';
import { collect, silentLogger } from '@parley/service-kit/testing';
import { modelConfigSchema } from '../../config.ts';
import type { Engine } from '../../engine.ts';
import { startFakeVendor, type FakeVendor } from '../../testing/fake-vendor.ts';
import { createEngine } from '../registry.ts';

const never = new AbortController().signal;

describe('the engine zhipu', () => {
  let vendor: FakeVendor;
  let engine: Engine;
  let now: number;
  const create = (apiKey: string) =>
    createEngine(
      modelConfigSchema.parse({ engine: 'zhipu', name: 'glm-4', base_url: vendor.zhipuUrl, api_key: apiKey }),
      { logger: silentLogger(), now: () => now, sleep: async () => undefined, scratchFolder: null },
    );

  beforeEach(async () => {
    now = Date.now();
    vendor = await startFakeVendor();
    engine = await create(vendor.zhipuKey);
  });
  afterEach(async () => {
    await engine.close();
    await vendor.close();
  });
  const ask = (fields: object = {}) => {
    const messages = [{ role: 'user', content: '你好' }];
    return collect(engine.generate(chatCompletionRequestSchema.parse({ model: 'glm-4', messages, ...fields }), never));
  };

  it('signs in with a token that Zhipu accepts, and joins the deltas of its stream', async () => {
    vendor.answer({ pieces: [{ reasoning_content: '想' }, '你', '好'], finishReason: 'stop' });
    const chunks = await ask();
    expect(chunks.map(({ delta }) => delta.content ?? '').join('')).toBe('你好');
    expect(chunks[0]?.delta.reasoning_content).toBe('想');
    expect(chunks.find(({ finish_reason }) => finish_reason)?.finish_reason).toBe('stop');
    expect(chunks.at(-1)?.usage).toEqual({ prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 });
  });

  it('keeps a token for its life and makes a new one before it ends', async () => {
    vendor.answerAlways({ pieces: ['好'] });
    for (const later of [0, 8 * 60_000, 60_001]) {
      now += later;
      await ask();
    }
    const [first, second, third] = vendor.requests.map(({ headers }) => headers.authorization);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('makes a new token when the clock was set back', async () => {
    vendor.answerAlways({ pieces: ['好'] });
    now += 60 * 60_000;
    await ask();
    now -= 60 * 60_000;
    await ask();
    const [first, second] = vendor.requests.map(({ headers }) => headers.authorization);
    expect(second).not.toBe(first);
  });

  it('speaks Zhipu’s words', async () => {
    vendor.answer({ pieces: ['好'] }, { pieces: ['好'] });
    const messages = [
      { role: 'developer', content: 'Be short.' },
      { role: 'user', content: '你好' },
    ];
    await ask({
      messages,
      temperature: 1.7,
      max_completion_tokens: 9,
      stop: '。',
      user: 'user-1',
      logit_bias: {},
      n: 1,
    });
    await ask({ temperature: 0, user: 'ada' });
    const [first, second] = vendor.requests.map(({ body }) => body);
    expect(first).toEqual({
      model: 'glm-4',
      stream: true,
      messages: [{ role: 'system', content: 'Be short.' }, messages[1]],
      temperature: 1,
      max_tokens: 9,
      stop: ['。'],
      user_id: 'user-1',
    });
    expect(second).toMatchObject({ do_sample: false });
    expect(second).not.toHaveProperty('temperature');
    expect(second).not.toHaveProperty('user_id');
  });

  it('passes tools, its own web search, thinking and pictures as they are', async () => {
    vendor.answer({ pieces: ['好'] });
    const tools = [
      { type: 'function', function: { name: 'weather' } },
      { type: 'web_search', web_search: { enable: true, search_engine: 'search_pro' } },
    ];
    const content = [
      { type: 'text', text: '看' },
      { type: 'image_url', image_url: { url: 'https://example.org/cat.jpg' } },
    ];
    const fields = { tools, tool_choice: 'auto', thinking: { type: 'enabled' }, reasoning_effort: 'low' };
    await ask({ ...fields, messages: [{ role: 'user', content }] });
    expect(vendor.requests[0]?.body).toMatchObject({ ...fields, messages: [{ role: 'user', content }] });
  });

  it('gives what its web search found with the answer', async () => {
    const found = [{ title: '天气', link: 'https://example.org', content: '晴' }];
    const chunk = (more: object, delta: object) =>
      `data: ${JSON.stringify({ id: '1', model: 'glm-4', choices: [{ index: 0, delta, ...more }] })}\n\n`;
    const searched = `data: ${JSON.stringify({ id: '1', choices: [], web_search: found })}\n\n`;
    const end = chunk({ finish_reason: 'stop' }, { role: 'assistant', content: '' });
    vendor.answer({ stream: `${searched}${chunk({}, { role: 'assistant', content: '晴' })}${end}data: [DONE]\n\n` });
    const chunks = await ask();
    expect(chunks[0]?.delta).toEqual({ web_search: found });
    expect(chunks.map(({ delta }) => delta.content ?? '').join('')).toBe('晴');
  });

  it('refuses more than one answer, which Zhipu does not give', async () => {
    await expect(ask({ n: 2 })).rejects.toMatchObject({ code: 'invalid_request', param: 'n' });
  });

  it('hides from the caller what Zhipu says about the key', async () => {
    const wrong = await create('fake-id.another-secret');
    const request = chatCompletionRequestSchema.parse({ model: 'glm-4', messages: [{ role: 'user', content: 'Hi' }] });
    const error = await collect(wrong.generate(request, never)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'provider_key_refused', message: expect.stringContaining('refused the key') });
    expect(String((error as Error).cause)).toContain('1004');
    await wrong.close();
  });

  it.each([
    [401, '1002', 'provider_key_refused'],
    [429, '1113', 'provider_quota_exceeded'],
    [429, '1302', 'provider_rate_limited'],
    [429, '1305', 'provider_overloaded'],
    [429, '1308', 'provider_quota_exceeded'],
    [400, '1301', 'content_refused'],
    [400, '1261', 'context_length_exceeded'],
    [400, '1211', 'model_not_found'],
    [400, '1214', 'invalid_request'],
    [500, '1234', 'provider_failed'],
    [429, '9999', 'provider_rate_limited'],
  ])('translates status %i with code %s to %s', async (status, code, ours) => {
    vendor.answer({ status, body: { error: { code, message: '……' } } });
    await expect(ask()).rejects.toMatchObject({ code: ours });
  });

  it.each([
    ['sensitive', 'content_refused'],
    ['network_error', 'provider_failed'],
  ])('takes the finish reason %s for the error %s', async (finishReason, code) => {
    vendor.answer({ pieces: ['好'], finishReason });
    await expect(ask()).rejects.toMatchObject({ code });
  });

  it('translates an error in the middle of the stream by its code', async () => {
    vendor.answer({ pieces: ['好'], afterwards: { error: { code: '1301', message: '系统检测到…' } } });
    await expect(ask()).rejects.toMatchObject({ code: 'content_refused' });
  });
});
