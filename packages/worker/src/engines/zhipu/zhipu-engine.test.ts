import { beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../engine.ts';
import { ask as askEngine } from '../../testing/create-test-engine.ts';
import { useVendorBench } from '../../testing/vendor-bench.ts';

const bench = useVendorBench();

describe('the engine zhipu', () => {
  let engine: Engine;
  let now: number;

  beforeEach(async () => {
    now = Date.now();
    engine = await bench.engine('zhipu', { upstream_model: 'glm-4' }, { now: () => now });
  });
  const ask = (fields?: object) => askEngine(engine, fields);

  it('signs in with a token that Zhipu accepts, and joins the deltas of its stream', async () => {
    bench.vendor.answer({ pieces: [{ reasoning_content: '想' }, '你', '好'], finishReason: 'stop' });
    const chunks = await ask();
    expect(chunks.map(({ delta }) => delta.content ?? '').join('')).toBe('你好');
    expect(chunks[0]?.delta.reasoning_content).toBe('想');
    expect(chunks.find(({ finish_reason }) => finish_reason)?.finish_reason).toBe('stop');
    expect(chunks.at(-1)?.usage).toEqual({ prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 });
  });

  it('keeps a token for its life and makes a new one before it ends', async () => {
    bench.vendor.answerAlways({ pieces: ['好'] });
    for (const later of [0, 8 * 60_000, 60_001]) {
      now += later;
      await ask();
    }
    const [first, second, third] = bench.vendor.requests.map(({ headers }) => headers.authorization);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('makes a new token when the clock was set back', async () => {
    bench.vendor.answerAlways({ pieces: ['好'] });
    now += 60 * 60_000;
    await ask();
    now -= 60 * 60_000;
    await ask();
    const [first, second] = bench.vendor.requests.map(({ headers }) => headers.authorization);
    expect(second).not.toBe(first);
  });

  it('speaks Zhipu’s words', async () => {
    bench.vendor.answer({ pieces: ['好'] }, { pieces: ['好'] });
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
    const [first, second] = bench.vendor.requests.map(({ body }) => body);
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

  it.each([
    ['glm-5.3-flash', 'medium', 'high'],
    ['glm-5.3', 'minimal', 'low'],
    ['glm-5.3', 'max', 'max'],
    ['glm-5.2', 'medium', 'medium'],
  ])('asks %s for the effort %s as %s', async (upstream_model, reasoning_effort, said) => {
    const body = await bench.sent('zhipu', { reasoning_effort }, { upstream_model });
    expect(body['reasoning_effort']).toBe(said);
  });

  it.each([
    [0, 0.01],
    [0.5, 0.5],
  ])('keeps within its range of top_p: %f', async (top_p, sent) => {
    expect(await bench.sent('zhipu', { top_p })).toMatchObject({ top_p: sent });
  });

  it('passes tools, its own web search, thinking and pictures as they are', async () => {
    bench.vendor.answer({ pieces: ['好'] });
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
    expect(bench.vendor.requests[0]?.body).toMatchObject({ ...fields, messages: [{ role: 'user', content }] });
  });

  it('gives what its web search found with the answer', async () => {
    const found = [{ title: '天气', link: 'https://example.org', content: '晴' }];
    const chunk = (more: object, delta: object) =>
      `data: ${JSON.stringify({ id: '1', model: 'glm-4', choices: [{ index: 0, delta, ...more }] })}\n\n`;
    const searched = `data: ${JSON.stringify({ id: '1', choices: [], web_search: found })}\n\n`;
    const end = chunk({ finish_reason: 'stop' }, { role: 'assistant', content: '' });
    bench.vendor.answer({
      stream: `${searched}${chunk({}, { role: 'assistant', content: '晴' })}${end}data: [DONE]\n\n`,
    });
    const chunks = await ask();
    expect(chunks[0]?.delta).toEqual({ web_search: found });
    expect(chunks.map(({ delta }) => delta.content ?? '').join('')).toBe('晴');
  });
});
