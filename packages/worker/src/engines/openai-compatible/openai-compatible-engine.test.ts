import { describe, expect, it } from 'vitest';
import { ask as askEngine } from '../../testing/create-test-engine.ts';
import { useVendorBench } from '../../testing/vendor-bench.ts';

const bench = useVendorBench();

describe('the engine openai-compatible', () => {
  const ask = async (fields: object = {}) =>
    askEngine(
      await bench.engine('openai', { base_url: `${bench.vendor.openaiUrl}/`, upstream_model: 'theirs' }),
      fields,
    );

  it('sends the request on, streamed, with usage, under the name that the provider knows', async () => {
    bench.vendor.answer({ pieces: ['Hi'] });
    const tools = [{ type: 'function', function: { name: 'f' } }];
    await ask({ temperature: 0.2, tools, stream: false, top_p: null, parley_trace: 'x', logit_bias: { 50256: -100 } });
    expect(bench.vendor.requests[0]?.body).toEqual({
      model: 'theirs',
      messages: [{ role: 'user', content: 'Hi' }],
      temperature: 0.2,
      tools,
      logit_bias: { 50256: -100 },
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('says system for developer, which few servers know', async () => {
    const { messages } = await bench.sent('openai', { messages: [{ role: 'developer', content: 'Be short.' }] });
    expect(messages).toEqual([{ role: 'system', content: 'Be short.' }]);
  });

  it('needs no key where the server asks for none, and sends the headers of its settings', async () => {
    const headers = { authorization: `Bearer ${bench.vendor.openaiKey}`, 'x-team': 'a' };
    const { model } = await bench.sent('openai', {}, { api_key: null, headers });
    expect(bench.vendor.requests[0]?.headers).toMatchObject({ 'x-team': 'a' });
    expect(model).toBe('ours');
  });

  it.each([
    ['20', 20],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30],
    ['soon', null],
  ])('reads Retry-After %s', async (header, seconds) => {
    bench.vendor.answer({ status: 429, headers: { 'retry-after': header }, body: {} });
    await expect(ask()).rejects.toMatchObject({ retryAfterSeconds: seconds });
  });

  it('reads usage in an unknown form as none, and goes on', async () => {
    bench.vendor.answer({ pieces: ['Hi'], usage: { tokens: 'many' } });
    const chunks = await ask();
    expect(chunks.map(({ delta }) => delta.content ?? '').join('')).toBe('Hi');
    expect(chunks.every(({ usage }) => usage === null)).toBe(true);
  });
});
