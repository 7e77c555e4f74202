import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  cutAfter,
  doneEvent,
  finishEvent,
  openingEvent,
  openStream,
  sendJson,
  streamOf,
  textEvent,
  wholeOf,
} from '../testing/fake-worker.ts';
import { QUESTION, TEST_SECRET, TestPlane } from '../testing/test-plane.ts';

let plane: TestPlane;

beforeEach(async () => {
  plane = await TestPlane.start();
});
afterEach(() => plane.stop());

const stream = (extra: object = {}) => plane.complete({ model: 'm', messages: QUESTION, stream: true, ...extra });

describe('a stream', () => {
  it('is passed on byte for byte, however it is cut', async () => {
    const worker = await plane.addWorker();
    const bytes = Buffer.from([openingEvent, textEvent('Grüße, 世界'), ': ping\n\n', finishEvent, doneEvent].join(''));
    worker.script = async (response) => {
      openStream(response);
      for (const byte of bytes) {
        response.write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    };
    const answer = await stream();
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(answer.headers.get('x-accel-buffering')).toBe('no');
  });

  it('that ends without a finish is an error, never a success', async () => {
    const worker = await plane.addWorker();
    worker.script = (response) => {
      openStream(response);
      response.end(openingEvent + textEvent('data: [DONE] "finish_reason": "stop"'));
    };
    const text = await (await stream()).text();
    expect(text).toMatch(/data: \{"error":.*"stream_interrupted"\}\}\n\n$/);
    expect(text.match(/^data: \[DONE\]/m)).toBeNull();
  });

  it('that breaks when only one of two answers has finished is an error', async () => {
    const worker = await plane.addWorker();
    worker.script = cutAfter(openingEvent, finishEvent, textEvent('Hel').replace('"index":0', '"index":1'));
    expect(await (await stream({ n: 2 })).text()).toMatch(/data: \{"error":.*"stream_interrupted"\}\}\n\n$/);
  });

  it('with a finish reason but no [DONE] is a success', async () => {
    const worker = await plane.addWorker();
    worker.script = (response) => {
      openStream(response);
      response.end(openingEvent + textEvent('Hi') + finishEvent);
    };
    expect(await (await stream()).text()).not.toContain('error');
  });

  it('that breaks after [DONE] is a success', async () => {
    const worker = await plane.addWorker();
    worker.script = cutAfter(openingEvent, finishEvent, doneEvent);
    expect(await (await stream()).text()).toBe(openingEvent + finishEvent + doneEvent);
  });

  it("keeps the worker's own error event and adds none", async () => {
    const worker = await plane.addWorker();
    const event = 'data: {"error": {"message": "out of memory", "code": "internal_error"}}\n\n';
    worker.script = (response) => {
      openStream(response);
      response.end(openingEvent + event);
    };
    expect(await (await stream()).text()).toBe(openingEvent + event);
  });

  it('is never begun a second time after text was shown', async () => {
    const [first, second] = [await plane.addWorker(), await plane.addWorker()];
    first.script = cutAfter(openingEvent, textEvent('Hel'));
    second.script = first.script;
    expect(await (await stream()).text()).toContain('stream_interrupted');
    expect(first.requests.length + second.requests.length).toBe(1);
  });
});

describe('a worker that is gone', () => {
  it('is replaced by another one, and asked no more', async () => {
    const [dead, alive] = [await plane.addWorker(), await plane.addWorker()];
    dead.kill();
    alive.script = streamOf('from the other');
    const texts = await Promise.all(Array.from({ length: 6 }, async () => (await stream()).text()));
    for (const text of texts) expect(text).toContain('from the other');
    await plane.settled(0);
  });

  it('is waited for when it is the only one, and serves the request when it is back', async () => {
    await plane.stop();
    plane = await TestPlane.start({ controller: { heart_beat_expiry_ms: 30_000 } });
    const worker = await plane.addWorker();
    const { port } = new URL(worker.address);
    worker.kill();
    // Its stream opens with its place in the queue, which it has after the first try.
    const answer = await stream({ parley_report_status: true });
    await plane.addWorker(['m'], { port: Number(port), script: streamOf('back again') });
    expect(await answer.text()).toContain('back again');
  });

  it('is an error of its own when the second try fails as well', async () => {
    const [first, second] = [await plane.addWorker(), await plane.addWorker()];
    first.kill();
    second.kill();
    const answer = await stream();
    expect([answer.status, await answer.json()]).toMatchObject([502, { error: { code: 'worker_unreachable' } }]);
    await plane.settled(0);
  });

  it('is tried once more when its connection breaks before the answer, and then not again', async () => {
    const worker = await plane.addWorker();
    worker.script = (response) => void response.destroy();
    const answer = await stream();
    expect([answer.status, await answer.json()]).toMatchObject([502, { error: { code: 'worker_unreachable' } }]);
    expect(worker.requests).toHaveLength(2);
    worker.script = (response, request) => {
      if (worker.requests.length === 3) response.destroy();
      else void streamOf('at the second try')(response, request);
    };
    expect(await (await stream()).text()).toContain('at the second try');
    await plane.settled(0);
  });

  it('in the middle of a whole answer leaves an error, not half an answer', async () => {
    const worker = await plane.addWorker();
    worker.script = (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"id":', () => response.destroy());
    };
    const answer = await plane.complete({ model: 'm', messages: QUESTION });
    expect([answer.status, await answer.json()]).toMatchObject([502, { error: { code: 'stream_interrupted' } }]);
    await plane.settled(0);
  });
});

it('sends the original bytes on, with the secret, the request id and the user', async () => {
  const worker = await plane.addWorker();
  worker.script = wholeOf('ok');
  const body = '{ "model":"m",  "messages":[{"role":"user","content":"\\u4e16"}], "vendor_field": 1.0 }';
  const headers = {
    authorization: `Bearer ${TEST_SECRET}`,
    'content-type': 'application/json',
    'x-request-id': 'abc-1',
    'x-parley-user': 'ada',
  };
  const answer = await fetch(`${plane.address}/v1/chat/completions`, { method: 'POST', headers, body });
  const { headers: sent, body: received } = await worker.request();
  expect(received.toString()).toBe(body);
  expect(sent).toMatchObject({
    authorization: `Bearer ${TEST_SECRET}`,
    'x-request-id': 'abc-1',
    'x-parley-user': 'ada',
  });
  expect(answer.headers.get('x-request-id')).toBe('abc-1');
  expect(answer.headers.get('openai-processing-ms')).toMatch(/^\d+$/);
});

it("passes a worker's own error on untouched", async () => {
  const worker = await plane.addWorker();
  const error = {
    error: { message: 'Too long.', type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded' },
  };
  worker.script = (response) => sendJson(response, 400, error);
  const answer = await stream();
  expect([answer.status, await answer.json()]).toEqual([400, error]);
});
