import { afterEach, expect, it } from 'vitest';
import {
  cutAfter,
  openingEvent,
  sendJson,
  stallAfter,
  streamOf,
  textEvent,
  wholeOf,
  type Script,
} from '../testing/fake-worker.ts';
import { QUESTION, TestPlane } from '../testing/test-plane.ts';

let plane: TestPlane;
afterEach(() => plane.stop());

const scripts: Script[] = [
  streamOf('Hello'),
  wholeOf('Hello'),
  cutAfter(openingEvent, textEvent('Hel')),
  stallAfter(openingEvent, textEvent('Hel')),
  () => {},
  (response) => sendJson(response, 500, { error: { message: 'Broken.' } }),
  (response) => void response.destroy(),
];

it('leaves no request counted after callers came and left, and workers failed, in every way', async () => {
  plane = await TestPlane.start({ gateway: { clocks: { headers_ms: 300, between_contents_ms: 300 } } });
  let turn = 0;
  for (let count = 0; count < 3; count += 1) {
    const script: Script = (response, request) => scripts[(turn += 1) % scripts.length]?.(response, request);
    await plane.addWorker(['m'], { concurrency: 8, script });
  }
  const calls = Array.from({ length: 200 }, async (_, index) => {
    const leaving = new AbortController();
    if (index % 3 === 0) setTimeout(() => leaving.abort(), (index * 7) % 400);
    const body = { model: 'm', messages: QUESTION, stream: index % 2 === 0, parley_report_status: index % 4 === 0 };
    const answer = await plane.complete(body, { signal: leaving.signal });
    return answer.text();
  });
  const ends = await Promise.allSettled(calls);
  expect(ends).toHaveLength(200);
  await plane.settled(0);
  expect((await plane.fetch('/health')).status).toBe(200);
});
