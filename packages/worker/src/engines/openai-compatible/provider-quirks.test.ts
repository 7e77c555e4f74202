import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embeddingRequestSchema } from '@parley/contracts';
import type { Engine } from '../../engine.ts';
import { ask, createTestEngine, never, summary } from '../../testing/create-test-engine.ts';
import { startFakeVendor, type FakeVendor } from '../../testing/fake-vendor.ts';

let vendor: FakeVendor;
let engine: Engine;

beforeEach(async () => {
  vendor = await startFakeVendor();
  vendor.answerAlways({ pieces: ['Hi'] });
});
afterEach(async () => {
  await engine.close();
  await vendor.close();
});
const use = async (provider: string | null, model: string) => {
  const settings = { base_url: vendor.openaiUrl, api_key: vendor.openaiKey, upstream_model: model, provider };
  engine = await createTestEngine({ engine: 'openai-compatible', ...settings });
};
const sent = async (provider: string | null, model: string, fields: object) => {
  await use(provider, model);
  await ask(engine, fields);
  const { model: _model, stream: _stream, messages: _messages, ...rest } = vendor.requests[0]!.body;
  return rest;
};
const options = { stream_options: { include_usage: true } };

describe('a provider that Parley knows gets a request', () => {
  it.each([
    ['openai', 'gpt-4.1', { max_tokens: 9, temperature: 0 }, { max_completion_tokens: 9, temperature: 0 }],
    ['openai', 'gpt-6-luna', { max_tokens: 9, temperature: 0, top_p: 1 }, { max_completion_tokens: 9 }],
    ['deepseek', 'deepseek-flash', { max_completion_tokens: 9 }, { max_tokens: 9 }],
    ['moonshot', 'kimi-k3', { temperature: 0.3, max_tokens: 9 }, { max_completion_tokens: 9 }],
    ['moonshot', 'moonshot-v1-8k', { temperature: 0.3 }, { temperature: 0.3 }],
    ['minimax', 'MiniMax-M3', { seed: 7 }, { reasoning_split: true }],
    ['groq', 'openai/gpt-oss-20b', { logit_bias: {}, logprobs: true, stop: 'x' }, { stop: 'x' }],
    ['xai', 'grok-4.7', { stop: 'x', presence_penalty: 1, temperature: 1 }, { temperature: 1 }],
    ['custom', 'any', { max_completion_tokens: 9, seed: 7 }, { max_completion_tokens: 9, seed: 7 }],
    [null, 'any', { max_tokens: 9, parley_trace: 'x' }, { max_tokens: 9 }],
  ])('in its words: %s, %s', async (provider, model, fields, expected) => {
    expect(await sent(provider, model, fields)).toEqual({ ...expected, ...options });
  });

  it('without what it refuses, usage unasked: mistral', async () => {
    const fields = { user: 'ada', seed: 7, stop: 'x', stream_options: { include_usage: true } };
    expect(await sent('mistral', 'mistral-small-latest', fields)).toEqual({ stop: 'x' });
  });

  it('without thinking where tools need that: openai', async () => {
    const tools = [{ type: 'function', function: { name: 'f' } }];
    expect(await sent('openai', 'gpt-6.1-sol', { tools, reasoning_effort: 'high' })).toEqual({
      tools,
      reasoning_effort: 'none',
      ...options,
    });
  });

  it('with its effort where there are no tools: openai', async () => {
    const fields = { tools: [], reasoning_effort: 'high' };
    expect(await sent('openai', 'gpt-6.1-sol', fields)).toMatchObject({ reasoning_effort: 'high' });
  });

  it('of no more texts than it takes: qwen', async () => {
    await use('qwen', 'text-embedding-v4');
    const input = Array.from({ length: 25 }, (_, place) => `text ${place}`);
    await engine.embed!(embeddingRequestSchema.parse({ model: 'ours', input }), never);
    expect(vendor.requests.map(({ body }) => (body['input'] as string[]).length)).toEqual([10, 10, 5]);
  });

  it('with pictures and tools as they are', async () => {
    await use('siliconflow', 'Qwen/Qwen3-VL');
    const content = [
      { type: 'text', text: 'Look' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'high' } },
    ];
    const messages = [
      { role: 'user', content },
      { role: 'assistant', content: null, reasoning_content: 'Hm.', tool_calls: [{ id: 'a', type: 'function' }] },
      { role: 'tool', tool_call_id: 'a', content: 'Rain' },
    ];
    await ask(engine, { messages, tool_choice: 'auto' });
    expect(vendor.requests[0]?.body).toMatchObject({ messages, tool_choice: 'auto' });
  });
});

describe('thoughts are reasoning, whatever a provider calls them', () => {
  it.each([
    ['reasoning', [{ reasoning: 'Hm' }, { reasoning: '.' }]],
    ['reasoning_details', [{ reasoning_details: [{ type: 'reasoning.text', text: 'Hm' }, { text: '.' }] }]],
    [
      'both, which is said once',
      [
        { reasoning: 'Hm', reasoning_details: [{ text: 'Hm' }] },
        { reasoning_content: '.', reasoning: '.' },
      ],
    ],
    ['parts of the content', [{ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] }]],
  ])('%s', async (_name, thoughts) => {
    await use('openrouter', 'any');
    const text = { content: [{ type: 'text', text: 'Hi' }] };
    vendor.answer({ pieces: [...thoughts, text, '!'] });
    const chunks = await ask(engine);
    expect(summary(chunks)).toMatchObject({ reasoning: 'Hm.', content: 'Hi!', finishReason: 'stop' });
    expect(chunks.every(({ delta }) => !('reasoning' in delta))).toBe(true);
  });
});

describe('what providers say in words only', () => {
  it.each([
    [503, 'The engine is currently overloaded, please try again later', 'provider_overloaded'],
    [503, 'Service is too busy. We advise users to temporarily switch.', 'provider_overloaded'],
    [429, 'The engine is currently overloaded', 'provider_overloaded'],
    [529, 'busy', 'provider_overloaded'],
    [400, 'Content Exists Risk', 'content_refused'],
    [400, 'Range of input length should be [1, 30720]', 'context_length_exceeded'],
    [400, 'Invalid request: Your request exceeded model token limit: 8192', 'context_length_exceeded'],
    [400, "This model's maximum prompt length is 131072", 'context_length_exceeded'],
    [400, 'Model Not Exist', 'model_not_found'],
    [403, 'Sorry, your account balance is insufficient', 'provider_quota_exceeded'],
  ])('%i %s', async (status, message, code) => {
    await use(null, 'any');
    vendor.answer({ status, body: { error: { message } } });
    await expect(ask(engine)).rejects.toMatchObject({ code });
  });

  it.each([
    ['data_inspection_failed', 'content_refused'],
    ['exceeded_current_quota_error', 'provider_quota_exceeded'],
    ['engine_overloaded_error', 'provider_overloaded'],
    ['exceed_context_size_error', 'context_length_exceeded'],
  ])('the type %s', async (type, code) => {
    await use(null, 'any');
    vendor.answer({ status: 400, body: { error: { message: 'no', type } } });
    await expect(ask(engine)).rejects.toMatchObject({ code });
  });

  it('counts in a stream by the status that stands in for a code', async () => {
    await use('openrouter', 'any');
    vendor.answer({ pieces: ['Hi'], afterwards: { error: { code: 429, message: 'Rate limited upstream' } } });
    await expect(ask(engine)).rejects.toMatchObject({ code: 'provider_rate_limited' });
  });

  it('is kept when it is a whole report', async () => {
    await use('mistral', 'any');
    const detail = [{ type: 'extra_forbidden', loc: ['body', 'store'], msg: 'Extra inputs are not permitted' }];
    vendor.answer({ status: 422, body: { object: 'error', message: { detail } } });
    await expect(ask(engine)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('Extra inputs are not permitted'),
    });
  });
});
