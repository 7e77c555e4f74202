import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '@parley/contracts';
import { collect, freePort } from '@parley/service-kit/testing';
import { ask, never, summary, toRequest } from '../../testing/create-test-engine.ts';
import { useVendorBench } from '../../testing/vendor-bench.ts';
import type { WireName } from '../../testing/vendor-wires/index.ts';

/** Ends in the vendors' words, and in ours. */
const ENDS: Record<WireName, [string, string][]> = {
  openai: [
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool_calls', 'tool_calls'],
    ['content_filter', 'content_filter'],
    ['eos_token', 'stop'],
  ],
  zhipu: [
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool_calls', 'tool_calls'],
    ['model_context_window_exceeded', 'length'],
    ['something_new', 'stop'],
  ],
  anthropic: [
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_calls'],
    ['something_new', 'stop'],
  ],
  gemini: [
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['FINISH_REASON_UNSPECIFIED', 'stop'],
  ],
};

/** Ends that are none. */
const FAILURES: Record<WireName, [string, ErrorCode][]> = {
  openai: [
    ['abort', 'provider_failed'],
    ['error', 'provider_failed'],
    ['insufficient_system_resource', 'provider_failed'],
  ],
  zhipu: [
    ['sensitive', 'content_refused'],
    ['network_error', 'provider_failed'],
  ],
  anthropic: [['refusal', 'content_refused']],
  gemini: [
    ['SAFETY', 'content_refused'],
    ['RECITATION', 'content_refused'],
    ['PROHIBITED_CONTENT', 'content_refused'],
    ['SPII', 'content_refused'],
    ['BLOCKLIST', 'content_refused'],
    ['MALFORMED_FUNCTION_CALL', 'provider_failed'],
    ['OTHER', 'provider_failed'],
    ['SOMETHING_NEW', 'provider_failed'],
  ],
};

const bench = useVendorBench();
afterEach(() => void vi.useRealTimers());

describe.each(Object.keys(ENDS) as WireName[])('an answer in the wire %s', (wire) => {
  it.each(ENDS[wire])('that ends with %s ends with %s', async (theirs, ours) => {
    bench.vendor.answer({ pieces: ['Hi'], finishReason: theirs });
    expect(summary(await ask(await bench.engine(wire))).finishReason).toBe(ours);
  });

  it.each(FAILURES[wire])('that ends with %s is the error %s, also after its first words', async (theirs, code) => {
    bench.vendor.answer({ pieces: ['Hi'], finishReason: theirs });
    await expect(ask(await bench.engine(wire))).rejects.toMatchObject({ code });
  });

  it('has no end when the stream has none', async () => {
    bench.vendor.answer({ pieces: ['Hel'], finishReason: null });
    expect(summary(await ask(await bench.engine(wire)))).toMatchObject({ content: 'Hel', finishReason: null });
  });

  it('that breaks off is an error', async () => {
    bench.vendor.answer({ pieces: ['Hel'], afterwards: 'cut' });
    await expect(ask(await bench.engine(wire))).rejects.toMatchObject({ code: 'stream_interrupted' });
  });

  it('is given up when its reader leaves', async () => {
    bench.vendor.answer({ pieces: ['Hel'], afterwards: 'stall' });
    const engine = await bench.engine(wire);
    const reader = new AbortController();
    const asked = collect(engine.generate(toRequest(), reader.signal));
    asked.catch(() => undefined);
    const upstream = await bench.vendor.request(0);
    reader.abort();
    await upstream.aborted;
    await expect(asked).rejects.toBeDefined();
  });

  it('is given up when its provider falls silent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    bench.vendor.answer({ pieces: ['Hi'], afterwards: 'stall' });
    const engine = await bench.engine(wire, { silence_limit_ms: 60_000 });
    const { promise: hasBegun, resolve: begin } = Promise.withResolvers<void>();
    const asked = (async () => {
      for await (const _chunk of engine.generate(toRequest(), never)) begin();
    })();
    asked.catch(() => undefined);
    await hasBegun;
    vi.advanceTimersByTime(60_000);
    await expect(asked).rejects.toMatchObject({
      code: 'provider_failed',
      message: expect.stringContaining('silent for 60 s'),
    });
    const upstream = await bench.vendor.request(0);
    await upstream.aborted;
  });

  it('leaves its connection to the next one', async () => {
    bench.vendor.answerAlways({ pieces: ['Hi'] });
    const engine = await bench.engine(wire);
    for (let turn = 0; turn < 6; turn += 1) await ask(engine);
    // One, and a second when a request comes before the last byte of the answer before it.
    expect(bench.vendor.connections()).toBeLessThanOrEqual(2);
  });

  it('is an error when nobody gives it', async () => {
    const lonely = await bench.engine(wire, { base_url: `http://127.0.0.1:${await freePort()}/v1` });
    await expect(ask(lonely)).rejects.toMatchObject({ code: 'provider_failed' });
  });
});
