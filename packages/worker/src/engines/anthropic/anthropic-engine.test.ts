import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect } from '@parley/service-kit/testing';
import type { Engine } from '../../engine.ts';
import { ask, createTestEngine, summary, toRequest } from '../../testing/create-test-engine.ts';
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
    engine: 'anthropic',
    base_url: vendor.anthropicUrl,
    api_key: vendor.anthropicKey,
    upstream_model: 'claude-opus-5-5',
    ...settings,
  });
const replay = async (name: string) => {
  vendor.answer({ stream: await fixture(name) });
  return ask(engine);
};

describe('a documented stream of Anthropic', () => {
  it('is read as text, its end and usage', async () => {
    expect(summary(await replay('basic'))).toEqual({
      content: 'Hello!',
      reasoning: '',
      calls: [],
      finishReason: 'stop',
      usage: {
        prompt_tokens: 25,
        completion_tokens: 15,
        total_tokens: 40,
        prompt_tokens_details: { cached_tokens: 0 },
      },
    });
  });

  it('names a tool in the first delta of its call, then its arguments piece by piece', async () => {
    const { calls, ...rest } = summary(await replay('tool-use'));
    expect(rest).toMatchObject({
      content: "Okay, let's check the weather for San Francisco, CA:",
      finishReason: 'tool_calls',
    });
    const id = 'toolu_01T1x1fJ34qAmk2tNTrN7Up6';
    expect(calls[0]).toEqual({ index: 0, id, type: 'function', function: { name: 'get_weather', arguments: '' } });
    expect(calls.slice(1)).toEqual(
      ['{"location":', ' "San', ' Francisc', 'o,', ' CA"}'].map((part) => ({
        index: 0,
        function: { arguments: part },
      })),
    );
  });

  it('shows thoughts as reasoning, and gives them signed for the next request', async () => {
    const chunks = await replay('thinking');
    const { reasoning, content, finishReason, usage } = summary(chunks);
    expect(reasoning).toMatch(/^I need to find the GCD .* 462 \+ 147\n462 .*\(1071, 462\) = 21\.$/s);
    expect({ content, finishReason, usage }).toEqual({
      content: 'The greatest common divisor of 1071 and 462 is **21**.',
      finishReason: 'stop',
      usage: null,
    });
    const blocks = chunks.flatMap(({ delta }) => (delta['thinking_blocks'] ?? []) as object[]);
    const signature = 'EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds...';
    expect(blocks).toEqual([{ index: 0, type: 'thinking', thinking: reasoning, signature }]);
  });

  it('leaves out what Anthropic looked up by itself, and counts it', async () => {
    const { content, calls, usage } = summary(await replay('web-search'));
    expect(content).toMatch(/^I'll check .* you\.Here's the current weather/);
    expect(calls).toEqual([]);
    expect(usage).toMatchObject({ prompt_tokens: 10_682, completion_tokens: 510 });
  });
});

describe('an answer of Anthropic', () => {
  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_calls'],
    ['something_new', 'stop'],
  ])('that ends with %s ends with %s', async (theirs, ours) => {
    vendor.answer({ pieces: ['Hi'], finishReason: theirs });
    expect(summary(await ask(engine)).finishReason).toBe(ours);
  });

  it('that is refused is an error, also after its first words', async () => {
    vendor.answer({ pieces: ['Hi'], finishReason: 'refusal' });
    await expect(ask(engine)).rejects.toMatchObject({ code: 'content_refused' });
  });

  it('counts what was read from the cache and written to it as prompt', async () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 4_000,
      cache_creation_input_tokens: 200,
      output_tokens: 9,
    };
    vendor.answer({ pieces: ['Hi'], usage: { ...usage, output_tokens_details: { thinking_tokens: 3 } } });
    expect(summary(await ask(engine)).usage).toEqual({
      prompt_tokens: 4_210,
      completion_tokens: 9,
      total_tokens: 4_219,
      prompt_tokens_details: { cached_tokens: 4_000 },
      completion_tokens_details: { reasoning_tokens: 3 },
    });
  });

  it('numbers the calls of several tools, and gives one without arguments an empty object', async () => {
    const call = (index: number, name: string, args?: string) => ({
      tool_calls: [{ index, id: `toolu_${index}`, function: { name, arguments: args } }],
    });
    vendor.answer({ pieces: [call(0, 'now'), call(1, 'weather', '{"city":"Bonn"}')], finishReason: 'tool_calls' });
    const { calls } = summary(await ask(engine));
    expect(calls).toMatchObject([
      { index: 0, id: 'toolu_0', function: { name: 'now' } },
      { index: 0, function: { arguments: '{}' } },
      { index: 1, id: 'toolu_1', function: { name: 'weather' } },
      { index: 1, function: { arguments: '{"city":"Bonn"}' } },
    ]);
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

describe('a refusal of Anthropic', () => {
  const body = (type: string, message: string, more: object = {}) => ({
    type: 'error',
    error: { type, message, ...more },
  });

  it.each([
    [403, body('permission_error', 'no'), 'provider_key_refused'],
    [402, body('billing_error', 'no'), 'provider_quota_exceeded'],
    [404, body('not_found_error', 'model: claude-nine'), 'model_not_found'],
    [413, body('request_too_large', 'Request exceeds the maximum size'), 'invalid_request'],
    [429, body('rate_limit_error', 'slow down'), 'provider_rate_limited'],
    [
      429,
      body('rate_limit_error', 'monthly', { details: { error_code: 'enforced_spend_limit_reached' } }),
      'provider_quota_exceeded',
    ],
    [500, body('api_error', 'Internal server error'), 'provider_failed'],
    [529, body('overloaded_error', 'Overloaded'), 'provider_overloaded'],
    [
      400,
      body('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
      'context_length_exceeded',
    ],
    [400, body('invalid_request_error', 'Your credit balance is too low to access the API'), 'provider_quota_exceeded'],
    [
      400,
      body('invalid_request_error', 'You have reached your specified API usage limits.'),
      'provider_quota_exceeded',
    ],
    [400, body('invalid_request_error', 'messages: at least one message is required'), 'invalid_request'],
  ])('with status %i and %j is %s', async (status, answer, code) => {
    vendor.answer({ status, body: answer });
    await expect(ask(engine)).rejects.toMatchObject({ code });
  });

  it('in the middle of a stream is known by its type', async () => {
    vendor.answer({ pieces: ['Hel'], afterwards: { error: { type: 'overloaded_error', message: 'Overloaded' } } });
    await expect(ask(engine)).rejects.toMatchObject({ code: 'provider_overloaded', status: 503 });
  });

  it('of the key is told to whoever runs Parley, without the key', async () => {
    const wrong = await create({ api_key: 'sk-ant-api03-somebody-elses-key' });
    const error = await ask(wrong).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'provider_key_refused', message: expect.stringContaining('refused the key') });
    expect(String((error as Error).cause)).toContain('invalid x-api-key');
    expect(String((error as Error).cause)).not.toContain('somebody-elses-key');
    await wrong.close();
  });

  it('says how long to wait', async () => {
    vendor.answer({ status: 529, headers: { 'retry-after': '12' }, body: body('overloaded_error', 'Overloaded') });
    await expect(ask(engine)).rejects.toMatchObject({ retryAfterSeconds: 12 });
  });
});
