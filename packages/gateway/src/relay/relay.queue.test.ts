import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEventStream } from '@parley/service-kit';
import { waitUntil } from '@parley/service-kit/testing';
import {
  doneEvent,
  finishEvent,
  openingEvent,
  openStream,
  sendJson,
  streamOf,
  textEvent,
  type FakeWorker,
  type Script,
} from '../testing/fake-worker.ts';
import { QUESTION, TestPlane } from '../testing/test-plane.ts';

let plane: TestPlane;
let worker: FakeWorker;

beforeEach(async () => {
  plane = await TestPlane.start();
  worker = await plane.addWorker(['m'], { concurrency: 1 });
});
afterEach(() => plane.stop());

const hello = [openingEvent, textEvent('Hello'), finishEvent, doneEvent];
const tooLong = {
  error: { message: 'Too long.', type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded' },
};
const reset: Script = (response) => void response.destroy();
const ask = (more: object, init: RequestInit = {}) =>
  plane.complete({ model: 'm', messages: QUESTION, stream: true, ...more }, init);

/** Takes the only place of the worker, which answers everyone else by `script`; returns how it is left. */
async function takePlace(script: Script): Promise<() => void> {
  const held = Promise.withResolvers<() => void>();
  worker.script = (response) => {
    openStream(response);
    held.resolve(() => response.end(doneEvent));
  };
  await ask({});
  worker.script = script;
  return held.promise;
}

/** A caller that asks for its place in the queue, and reads its stream event by event. */
async function follow() {
  const leaving = new AbortController();
  const response = await ask({ parley_report_status: true }, { signal: leaving.signal });
  const events = readEventStream(response.body as ReadableStream<Uint8Array>);
  const next = async () => ((await events.next()).value?.data ?? 'the end') as string;
  return {
    response,
    leave: () => leaving.abort(),
    place: async () => (JSON.parse(await next()) as { parley?: { queue_position?: number } }).parley?.queue_position,
    rest: async () => (await Array.fromAsync(events, ({ data }) => `data: ${data}\n\n`)).join(''),
  };
}

async function isBehindAnother(): Promise<boolean> {
  const { place, leave } = await follow();
  const isBehind = (await place()) === 2;
  leave();
  return isBehind;
}

describe('a caller that asks for its place in the queue', () => {
  it('hears of each place until its turn has come, and then the answer, in one stream', async () => {
    const free = await takePlace(streamOf('Hello'));
    const second = await follow();
    expect(await second.place()).toBe(1);
    const third = await follow();
    expect(await third.place()).toBe(2);
    free();
    expect(await second.place()).toBe(0);
    expect(await second.rest()).toBe(hello.join(''));
    expect([await third.place(), await third.place()]).toEqual([1, 0]);
    expect(await third.rest()).toBe(hello.join(''));
    await plane.settled(0);
  });

  it('gets the head of any stream, and chunks that any client can read', async () => {
    const free = await takePlace(streamOf('Hello'));
    const { response, rest } = await follow();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': expect.stringContaining('text/event-stream'),
      'x-accel-buffering': 'no',
      'openai-processing-ms': expect.stringMatching(/^\d+$/),
      'x-request-id': expect.any(String),
    });
    free();
    const [first = ''] = (await rest()).split('\n');
    expect(JSON.parse(first.slice('data: '.length))).toEqual({
      id: `chatcmpl-${response.headers.get('x-request-id')}`,
      object: 'chat.completion.chunk',
      created: expect.any(Number),
      model: 'm',
      choices: [],
      parley: { queue_position: 1 },
    });
  });

  it('does not disturb the client of OpenAI', async () => {
    const free = await takePlace(streamOf('Hello'));
    const body = { model: 'm', messages: QUESTION, stream: true as const, parley_report_status: true };
    const stream = await plane.openai('secret-of-the-tests').chat.completions.create(body);
    free();
    const texts = await Array.fromAsync(stream, ({ choices }) => choices[0]?.delta.content ?? '');
    expect(texts.join('')).toBe('Hello');
  });

  it('moves up when one before it leaves, who is asked for no more', async () => {
    const free = await takePlace(streamOf('Hello'));
    const second = await follow();
    const third = await follow();
    expect([await second.place(), await third.place()]).toEqual([1, 2]);
    second.leave();
    expect(await third.place()).toBe(1);
    free();
    expect(await third.place()).toBe(0);
    expect(await third.rest()).toBe(hello.join(''));
    expect(worker.requests).toHaveLength(2);
    await plane.settled(0);
  });

  it('ends the work of the worker when it leaves after the queue', async () => {
    const free = await takePlace(() => {});
    const second = await follow();
    free();
    const request = await worker.request(2);
    second.leave();
    expect(await request.left).toBeGreaterThan(0);
    await plane.settled(0);
  });

  it('hears nothing of a queue when there is none', async () => {
    worker.script = streamOf('Hello');
    const { rest } = await follow();
    expect(await rest()).toBe(hello.join(''));
    worker.script = (response) => sendJson(response, 400, tooLong);
    expect((await follow()).response.status).toBe(400);
  });

  it('is tried once more after a mishap, and waits for that in the queue', async () => {
    const free = await takePlace((response, request) => {
      worker.script = streamOf('Hello');
      return reset(response, request);
    });
    const second = await follow();
    const third = await follow();
    free();
    expect([await second.place(), await second.place()]).toEqual([1, 0]);
    // The place that its lease gave back went to who was next.
    expect([await second.place(), await second.place()]).toEqual([1, 0]);
    expect(await second.rest()).toBe(hello.join(''));
    expect(await third.rest()).toContain('Hello');
    await plane.settled(0);
  });
});

describe('after its place was told, a caller gets as an error event', () => {
  it.each<[string, Script, object]>([
    ['the refusal of the worker, in its words', (response) => sendJson(response, 400, tooLong), tooLong],
    [
      'also a code of the worker that is not ours',
      (response) => sendJson(response, 503, { error: { message: 'Out of luck.', code: 'luck', since: 'Monday' } }),
      { error: { message: 'Out of luck.', code: 'luck', since: 'Monday' } },
    ],
    [
      'an answer that is no stream',
      (response) => sendJson(response, 200, { object: 'chat.completion' }),
      { error: { code: 'provider_failed', message: expect.stringContaining('neither a stream') } },
    ],
    ['a second mishap', reset, { error: { code: 'worker_unreachable' } }],
  ])('%s', async (_, script, error) => {
    const free = await takePlace(script);
    const second = await follow();
    free();
    expect(await second.place()).toBe(1);
    const events = (await second.rest()).trimEnd().split('\n\n');
    expect(events.join()).not.toContain('[DONE]');
    expect(JSON.parse((events.at(-1) as string).slice('data: '.length))).toMatchObject(error);
    await plane.settled(0);
  });

  it('a clock that has run out in the queue', async () => {
    await plane.stop();
    plane = await TestPlane.start({ gateway: { clocks: { total_ms: 1_500 } } });
    await plane.addWorker(['m'], { concurrency: 1 });
    await plane.occupy();
    const { place, rest } = await follow();
    expect(await place()).toBe(1);
    expect(await rest()).toMatch(/^data: \{"error":.*"worker_timeout"\}\}\n\n$/);
  });

  it('that the worker did not come back', async () => {
    await plane.stop();
    plane = await TestPlane.start({ controller: { expected_models: ['m'], worker_wait_ms: 1_500 } });
    const { response, place, rest } = await follow();
    expect([response.status, await place()]).toEqual([200, 1]);
    expect(await rest()).toMatch(/^data: \{"error":.*"no_worker_for_model"\}\}\n\n$/);
  });
});

it.each([
  ['does not ask', {}],
  ['asks, but not for a stream', { stream: false, parley_report_status: true }],
])('hears nothing before the answer when it %s: its status is the one of the worker', async (_, more) => {
  const free = await takePlace((response) => sendJson(response, 400, tooLong));
  const silent = ask(more);
  await waitUntil(isBehindAnother, 'the silent one is in the queue');
  free();
  const answer = await silent;
  expect([answer.status, await answer.json()]).toEqual([400, tooLong]);
});
