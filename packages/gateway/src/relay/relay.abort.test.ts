import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  doneEvent,
  finishEvent,
  openingEvent,
  openStream,
  sendJson,
  stallAfter,
  streamOf,
  textEvent,
  type Script,
} from '../testing/fake-worker.ts';
import { DeafPort } from '../testing/deaf-port.ts';
import { QUESTION, TestPlane } from '../testing/test-plane.ts';

let plane: TestPlane;

beforeEach(async () => {
  plane = await TestPlane.start();
});
afterEach(() => plane.stop());

const silent: Script = () => {};
const half: Script = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write('{"id":');
};

/** A caller that can leave; `left` is the time at which it did. */
function caller(body: object) {
  const leaving = new AbortController();
  const answer = plane
    .complete({ model: 'm', messages: QUESTION, ...body }, { signal: leaving.signal })
    .then((response) => response.text())
    .catch(() => 'left');
  return { answer, leave: () => leaving.abort() };
}

it.each([
  ['before the headers of a stream', silent, true],
  ['in a stream, before the first text', stallAfter(openingEvent), true],
  ['in the middle of a stream', stallAfter(openingEvent, textEvent('Hel')), true],
  ['before a whole answer', silent, false],
  ['in the middle of a whole answer', half, false],
])('ends the work of the worker when the caller leaves %s', async (_, script, stream) => {
  const worker = await plane.addWorker();
  worker.script = script;
  const { answer, leave } = caller({ stream });
  const request = await worker.request();
  await plane.settled(1);
  const leftAt = performance.now();
  leave();
  // Long before any clock of the gateway would end it; a loaded machine may take its time.
  expect((await request.left) - leftAt).toBeLessThan(5_000);
  expect(await answer).toBe('left');
  await plane.settled(0);
});

it('takes a caller that leaves out of the queue', async () => {
  const worker = await plane.addWorker(['m'], { concurrency: 1 });
  worker.script = silent;
  const first = caller({});
  await worker.request();
  const waiting = caller({});
  const last = caller({});
  waiting.leave();
  await waiting.answer;
  worker.script = (response) => sendJson(response, 200, { is: 'answered' });
  first.leave();
  expect(await last.answer).toBe('{"is":"answered"}');
  await plane.settled(0);
  expect(worker.requests).toHaveLength(2);
});

it('gives the lease back at once when the caller leaves while the connection is made', async () => {
  await plane.stop();
  // Longer than `settled` waits.
  plane = await TestPlane.start({ gateway: { clocks: { connect_ms: 60_000 } } });
  const deaf = await DeafPort.open();
  await plane.registerAddress(deaf.address);
  const { answer, leave } = caller({});
  await plane.settled(1);
  leave();
  expect(await answer).toBe('left');
  await plane.settled(0);
  await deaf.close();
});

it('does not fall over a caller that breaks its connection in the middle of the body', async () => {
  const { port, hostname } = new URL(plane.address);
  const socket = connect(Number(port), hostname);
  socket.write(
    'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"mod',
  );
  await new Promise((resolve) => socket.once('ready', resolve));
  socket.destroy();
  const worker = await plane.addWorker();
  worker.script = streamOf('fine');
  expect(await caller({ stream: true }).answer).toContain('fine');
});

it('waits for a slow reader without calling the worker slow, and loses nothing', async () => {
  await plane.stop();
  plane = await TestPlane.start({ gateway: { clocks: { between_contents_ms: 1_500 } } });
  const worker = await plane.addWorker();
  const piece = textEvent('x'.repeat(64 * 1024));
  const events = [openingEvent, ...Array.from({ length: 400 }, () => piece), finishEvent, doneEvent];
  worker.script = (answer) => {
    openStream(answer);
    answer.end(events.join(''));
  };
  const response = await plane.complete({ model: 'm', messages: QUESTION, stream: true });
  const reader = response.body!.getReader();
  const first = await reader.read();
  // The reader rests for twice the limit; that is what this test is about.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const parts = [first.value!];
  for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
  const all = Buffer.concat(parts).toString('latin1');
  expect(all.length).toBe(events.join('').length);
  expect(all.endsWith(doneEvent)).toBe(true);
  await plane.settled(0);
});
