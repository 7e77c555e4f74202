import { describe, expect, it } from 'vitest';
import { embeddingRequestSchema } from '@parley/contracts';
import { ask, createTestEngine, never, summary } from '../../testing/create-test-engine.ts';
import { useVendorBench } from '../../testing/vendor-bench.ts';

const bench = useVendorBench();
const use = (provider: string | null, model: string) => bench.engine('openai', { upstream_model: model, provider });
const sent = async (provider: string | null, model: string, fields: object) => {
  const body = await bench.sent('openai', fields, { upstream_model: model, provider });
  const { model: _model, stream: _stream, messages: _messages, ...rest } = body;
  return rest;
};
const options = { stream_options: { include_usage: true } };

describe('a provider that Parley knows gets a request', () => {
  it.each([
    ['openai', 'gpt-4.1', { max_tokens: 9, temperature: 0 }, { max_completion_tokens: 9, temperature: 0 }],
    ['openai', 'gpt-6-luna', { max_tokens: 9, temperature: 0, top_p: 1 }, { max_completion_tokens: 9 }],
    ['openai', 'gpt-6-luna', { stop: 'x', logprobs: true, top_logprobs: 2 }, {}],
    ['deepseek', 'deepseek-flash', { max_completion_tokens: 9 }, { max_tokens: 9 }],
    ['moonshot', 'kimi-k3', { temperature: 0.3, max_tokens: 9 }, { max_completion_tokens: 9 }],
    ['moonshot', 'moonshot-v1-8k', { temperature: 0.3 }, { temperature: 0.3 }],
    ['minimax', 'MiniMax-M3', { seed: 7 }, { reasoning_split: true }],
    ['groq', 'openai/gpt-oss-20b', { logit_bias: {}, logprobs: true, stop: 'x' }, { stop: 'x' }],
    ['groq', 'qwen/qwen3.8-27b', {}, { reasoning_format: 'parsed' }],
    ['groq', 'qwen/qwen3.8-27b', { reasoning_format: 'hidden' }, { reasoning_format: 'hidden' }],
    ['xai', 'grok-4.7', { stop: 'x', presence_penalty: 1, temperature: 1 }, { temperature: 1 }],
    ['custom', 'any', { max_completion_tokens: 9, seed: 7 }, { max_completion_tokens: 9, seed: 7 }],
    [null, 'any', { max_tokens: 9, parley_trace: 'x' }, { max_tokens: 9 }],
  ])('in its words: %s, %s', async (provider, model, fields, expected) => {
    expect(await sent(provider, model, fields)).toEqual({ ...expected, ...options });
  });

  it('also when only its address is named', async () => {
    const engine = (base_url: string) => createTestEngine({ engine: 'openai-compatible', base_url, api_key: 'key' });
    // Doubao has no list of its models.
    expect(await engine('https://ark.cn-beijing.volces.com/api/v3')).not.toHaveProperty('listModels');
    expect(await engine('https://ark.example.com/api/v3')).toHaveProperty('listModels');
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
    const engine = await use('qwen', 'text-embedding-v4');
    const input = Array.from({ length: 25 }, (_, place) => `text ${place}`);
    await engine.embed!(embeddingRequestSchema.parse({ model: 'ours', input }), never);
    expect(bench.vendor.requests.map(({ body }) => (body['input'] as string[]).length)).toEqual([10, 10, 5]);
  });

  it.each([
    ['groq', { role: 'assistant', content: 'Hi' }],
    ['mistral', { role: 'assistant', content: 'Hi' }],
    ['openai', { role: 'assistant', content: 'Hi' }],
    ['deepseek', { role: 'assistant', content: 'Hi', reasoning_content: 'Hm.' }],
  ])('with thoughts in its messages only where they are not refused: %s', async (provider, expected) => {
    const thought = { role: 'assistant', content: 'Hi', reasoning_content: 'Hm.' };
    const { messages } = await bench.sent('openai', { messages: [thought] }, { provider });
    expect(messages).toEqual([expected]);
  });

  it('with pictures and tools as they are', async () => {
    bench.vendor.answer({ pieces: ['Hi'] });
    const content = [
      { type: 'text', text: 'Look' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'high' } },
    ];
    const messages = [
      { role: 'user', content },
      { role: 'assistant', content: null, reasoning_content: 'Hm.', tool_calls: [{ id: 'a', type: 'function' }] },
      { role: 'tool', tool_call_id: 'a', content: 'Rain' },
    ];
    await ask(await use('siliconflow', 'Qwen/Qwen3-VL'), { messages, tool_choice: 'auto' });
    expect(bench.vendor.requests[0]?.body).toMatchObject({ messages, tool_choice: 'auto' });
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
    const text = { content: [{ type: 'text', text: 'Hi' }] };
    bench.vendor.answer({ pieces: [...thoughts, text, '!'] });
    const chunks = await ask(await use('openrouter', 'any'));
    expect(summary(chunks)).toMatchObject({ reasoning: 'Hm.', content: 'Hi!', finishReason: 'stop' });
    expect(chunks.every(({ delta }) => !('reasoning' in delta))).toBe(true);
  });
});
