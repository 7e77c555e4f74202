import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { startFakeVendor, type FakeVendor } from '../testing/fake-vendor.ts';
import { startTestWorker, type TestWorker } from '../testing/start-test-worker.ts';

const question = { model: 'gpt', messages: [{ role: 'user', content: 'Hi' }] };

describe('POST /v1/chat/completions', () => {
  let vendor: FakeVendor;
  let worker: TestWorker;

  beforeEach(async () => {
    vendor = await startFakeVendor();
    worker = await startTestWorker({
      engine: 'openai-compatible',
      name: 'gpt',
      base_url: vendor.openaiUrl,
      api_key: vendor.openaiKey,
      upstream_model: 'gpt-4o',
      concurrency: 1,
    });
  });
  afterEach(async () => {
    await vendor.close();
    await worker.close();
  });

  const ask = (body: object, signal?: AbortSignal) => worker.call('/v1/chat/completions', body, signal);
  const running = async () =>
    ((await (await worker.call('/worker/status')).body.json()) as { running: number }).running;
  const queueLength = async () =>
    ((await (await worker.call('/worker/status')).body.json()) as { queue_length: number }).queue_length;

  it('streams the role first and once, then the text, an empty delta with the reason, and [DONE]', async () => {
    vendor.answer({ pieces: ['Hel', 'lo'] });
    const { status, data } = await worker.stream(question);
    expect(status).toBe(200);
    expect(data.at(-1)).toBe('[DONE]');
    const chunks = data.slice(0, -1).map((text) => JSON.parse(text));
    expect(chunks.map(({ choices }) => choices)).toEqual([
      [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
      [{ index: 0, delta: { content: 'Hel' }, finish_reason: null }],
      [{ index: 0, delta: { content: 'lo' }, finish_reason: null }],
      [{ index: 0, delta: {}, finish_reason: 'stop' }],
    ]);
    expect(new Set(chunks.map(({ id, created, object, model }) => [id, created, object, model].join()))).toHaveLength(
      1,
    );
    expect(chunks[0]).toMatchObject({ object: 'chat.completion.chunk', model: 'gpt' });
    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
  });

  it('adds a usage chunk without choices only when asked', async () => {
    vendor.answer({ pieces: ['Hello'] });
    const { data } = await worker.stream({ ...question, stream_options: { include_usage: true } });
    const chunks = data.slice(0, -1).map((text) => JSON.parse(text));
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 12 } });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
  });

  it('answers in one piece without `stream`', async () => {
    vendor.answer({ pieces: ['Hel', 'lo'] });
    const answer = await ask(question);
    expect(await answer.body.json()).toMatchObject({
      object: 'chat.completion',
      model: 'gpt',
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 },
    });
  });

  it('lets tool calls and reasoning through, streamed and joined', async () => {
    const thought = (text: string) => ({ index: 0, type: 'reasoning.text', format: 'anthropic-claude-v1', text });
    const pieces = [
      { content: null, reasoning_content: 'Let me ', reasoning_details: [thought('Let me ')] },
      { reasoning_content: 'look.', reasoning_details: [thought('look.')] },
      { tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'weather', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '"Bonn"}' } }] },
    ];
    vendor.answer({ pieces, finishReason: 'tool_calls' }, { pieces, finishReason: 'tool_calls' });
    const { data } = await worker.stream(question);
    const deltas = data.slice(1, -2).map((text) => JSON.parse(text).choices[0].delta);
    expect(deltas).toEqual(pieces);
    const whole = await (await ask(question)).body.json();
    expect(JSON.stringify(whole)).not.toContain('"index":0,"id"');
    expect(whole).toMatchObject({
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: null,
            reasoning_content: 'Let me look.',
            reasoning_details: [thought('Let me look.')],
            tool_calls: [
              { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } },
            ],
          },
        },
      ],
    });
  });

  it('keeps log probabilities and the reason of the end', async () => {
    vendor.answer({ pieces: ['Hi', '!'], logprobs: { content: [{ token: 'Hi', logprob: -0.1 }] } });
    const whole = await (await ask({ ...question, logprobs: true })).body.json();
    expect(whole).toMatchObject({
      choices: [{ finish_reason: 'stop', logprobs: { content: [{ token: 'Hi' }, { token: 'Hi' }] } }],
    });
  });

  it('answers a failure before the first byte with its own status', async () => {
    const error = { message: 'Rate limit reached', type: 'requests', param: null, code: 'rate_limit_exceeded' };
    vendor.answer({ status: 429, headers: { 'retry-after': '7' }, body: { error } });
    const answer = await ask({ ...question, stream: true });
    expect(answer.statusCode).toBe(429);
    expect(answer.headers['retry-after']).toBe('7');
    expect(answer.headers['content-type']).toContain('application/json');
    expect(await answer.body.json()).toMatchObject({ error: { code: 'provider_rate_limited' } });
  });

  it.each([
    ['the connection is cut', 'cut' as const, 'stream_interrupted'],
    ['the provider sends an error', { error: { message: 'overloaded' } }, 'provider_overloaded'],
  ])('ends with an error and without [DONE] when %s in the middle', async (_when, afterwards, code) => {
    vendor.answer({ pieces: ['Hel'], afterwards });
    const { status, data } = await worker.stream(question);
    expect(status).toBe(200);
    expect(JSON.parse(data.at(-1)!)).toMatchObject({ error: { code, type: 'server_error' } });
    expect(data).not.toContain('[DONE]');
    expect(data.some((text) => text.includes('Hel'))).toBe(true);
    expect(await running()).toBe(0);
  });

  it('takes a stream without a finish reason for interrupted, streamed and whole', async () => {
    vendor.answer({ pieces: ['Hel'], finishReason: null }, { pieces: ['Hel'], finishReason: null });
    const { data } = await worker.stream(question);
    expect(JSON.parse(data.at(-1)!)).toMatchObject({ error: { code: 'stream_interrupted' } });
    const whole = await ask(question);
    expect(whole.statusCode).toBe(502);
    expect(await whole.body.json()).toMatchObject({ error: { code: 'stream_interrupted' } });
  });

  it.each([true, false])('stops the provider within 100 ms of its reader leaving (stream: %s)', async (stream) => {
    vendor.answer({ pieces: ['Hel'], afterwards: 'stall' }, { pieces: ['next'] });
    const reader = new AbortController();
    const asked = ask({ ...question, stream }, reader.signal).then(({ body }) => body.text());
    asked.catch(() => undefined);
    const upstream = await vendor.request(0);
    await waitUntil(async () => (await running()) === 1, 'the request runs');
    const left = performance.now();
    reader.abort();
    await upstream.aborted;
    expect(performance.now() - left).toBeLessThan(5_000);
    const next = await ask(question);
    expect(next.statusCode).toBe(200);
    expect(performance.now() - left).toBeLessThan(5_000);
    await next.body.dump();
    expect(await queueLength()).toBe(0);
  });

  it('lets one wait for the slot, and forgets it when it leaves', async () => {
    vendor.answer({ pieces: ['Hel'], afterwards: 'stall' });
    const [first, second] = [new AbortController(), new AbortController()];
    for (const { signal } of [first, second]) {
      ask({ ...question, stream: true }, signal).catch(() => undefined);
      await waitUntil(async () => (await queueLength()) === (signal === first.signal ? 1 : 2), 'it is counted');
    }
    second.abort();
    await waitUntil(async () => (await queueLength()) === 1, 'the waiting one is forgotten');
    expect(vendor.requests).toHaveLength(1);
    first.abort();
    await waitUntil(async () => (await queueLength()) === 0, 'the slot is free');
  });

  it('does not read on while its reader does not', async () => {
    const piece = 'x'.repeat(64 * 1024);
    let sent = 0;
    const pieces = Array.from({ length: 800 }, () => ({
      get content() {
        sent += 1;
        return piece;
      },
    }));
    vendor.answer({ pieces });
    const answer = await ask({ ...question, stream: true });
    let before = -1;
    // The sockets on the way fill up; then nothing moves, far from the end.
    await waitUntil(async () => {
      const isStill = sent === before;
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return isStill;
    }, 'the stream stands still');
    expect(sent).toBeLessThan(700);
    const text = await answer.body.text();
    expect(text.length).toBeGreaterThan(800 * piece.length);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('finishes an open answer before it stops', async () => {
    vendor.answer({ pieces: Array.from({ length: 10 }, () => 'a'), delayMs: 10 });
    const answer = await ask({ ...question, stream: true });
    const [text] = await Promise.all([answer.body.text(), worker.close()]);
    expect(text).toContain('[DONE]');
  });
});
