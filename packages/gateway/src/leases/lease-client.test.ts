import { afterEach, describe, expect, it } from 'vitest';
import { waitUntil } from '@parley/service-kit/testing';
import { openStream, openingEvent, streamOf, textEvent, wholeOf, type Script } from '../testing/fake-worker.ts';
import { QUESTION, TestPlane } from '../testing/test-plane.ts';

let plane: TestPlane;
afterEach(() => plane.stop());

const ask = (stream = true) => plane.complete({ model: 'm', messages: QUESTION, stream });

/** A stream that goes on when it is told to, event by event. */
function controlledStream() {
  let push: (event: string) => void = () => {};
  let finish = () => {};
  const script: Script = (response) => {
    openStream(response);
    response.write(openingEvent);
    push = (event) => void response.write(event);
    finish = () => void response.end('data: [DONE]\n\n');
  };
  return { script, push: (event: string) => push(event), finish: () => finish() };
}

describe('while the controller is away', () => {
  it('a stream goes on, and is counted again when the controller is back', async () => {
    plane = await TestPlane.start();
    const { script, push, finish } = controlledStream();
    const worker = await plane.addWorker(['m'], { script });
    const answer = await ask();
    await worker.request();
    await plane.stopController();
    push(textEvent('after the end of the controller'));
    await plane.startController();
    await plane.register(worker);
    await plane.settled(1);
    finish();
    expect(await answer.text()).toMatch(/after the end of the controller[^]*data: \[DONE\]/);
    await plane.settled(0);
  });

  it('new requests are spread by the last known registry, and adopted later', async () => {
    plane = await TestPlane.start();
    const { script, finish } = controlledStream();
    const workers = [await plane.addWorker(['m'], { script }), await plane.addWorker(['m'], { script: wholeOf('x') })];
    await plane.stopController();
    const running = await ask();
    for (let count = 0; count < 2; count += 1) expect((await ask()).status).toBe(200);
    expect(workers.map(({ requests }) => requests.length)).toEqual([1, 2]);
    await plane.startController();
    for (const worker of workers) await plane.register(worker);
    await plane.settled(1);
    finish();
    await running.text();
    await plane.settled(0);
  });

  it('requests above the limit of the worker wait for a place', async () => {
    plane = await TestPlane.start();
    const { script, finish } = controlledStream();
    const worker = await plane.addWorker(['m'], { concurrency: 1, script });
    await plane.stopController();
    const first = await ask();
    const second = ask();
    worker.script = streamOf('second');
    finish();
    await first.text();
    expect(await (await second).text()).toContain('second');
  });

  it('models stay listed until the new controller has heard of their workers', async () => {
    plane = await TestPlane.start();
    const worker = await plane.addWorker();
    await plane.stopController();
    await plane.startController();
    const next = await plane.addWorker(['n']);
    const models = (await (await plane.fetch('/v1/models')).json()) as { data: { id: string }[] };
    expect(models.data.map(({ id }) => id)).toContain('m');
    await plane.register(worker);
    expect(next.requests).toEqual([]);
  });

  it('a worker that is gone as well is passed over', async () => {
    plane = await TestPlane.start();
    const dead = await plane.addWorker();
    await plane.addWorker();
    await plane.stopController();
    dead.kill();
    for (let count = 0; count < 4; count += 1) expect((await ask()).status).toBe(200);
  });

  it('a model that nobody served is not found', async () => {
    plane = await TestPlane.start();
    await plane.addWorker();
    await plane.stopController();
    const answer = await plane.complete({ model: 'other', messages: QUESTION });
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'model_not_found' } }]);
  });

  it('a request that waited in its queue is served, also when the controller ended in good order', async () => {
    plane = await TestPlane.start();
    const { script, finish } = controlledStream();
    const worker = await plane.addWorker(['m'], { concurrency: 1, script });
    const first = await ask();
    // Its stream opens with its place in the queue.
    const second = await plane.complete({ model: 'm', messages: QUESTION, stream: true, parley_report_status: true });
    worker.script = streamOf('served');
    await plane.stopController();
    await plane.startController();
    await plane.register(worker, ['m'], 1);
    finish();
    await first.text();
    expect(await second.text()).toContain('served');
    await plane.settled(0);
  });
});

describe('without a controller from the start', () => {
  it('the gateway starts, says what is missing, and serves as soon as it comes', async () => {
    plane = await TestPlane.withoutController();
    await plane.startGateway();
    const refused = await ask();
    expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: 'controller_unreachable' } }]);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await plane.fetch('/v1/models')).status).toBe(503);
    await plane.startController();
    await plane.addWorker();
    expect((await ask()).status).toBe(200);
    await plane.settled(0);
  });
});

it('keeps the lease of a request that runs longer than a lease lives', async () => {
  // Twice as long as a pause that the controller takes for silence may be.
  plane = await TestPlane.start({ controller: { lease_ttl_ms: 2_000 } });
  const { script, finish } = controlledStream();
  await plane.addWorker(['m'], { script });
  const answer = await ask();
  const startedAt = performance.now();
  await waitUntil(
    async () => performance.now() - startedAt > 4_500 || (await plane.inFlight()) !== 1,
    'two lives pass',
  );
  expect(await plane.inFlight()).toBe(1);
  finish();
  await answer.text();
  await plane.settled(0);
});

it('passes the refusal of a full queue on, with the time to come back', async () => {
  plane = await TestPlane.start({ controller: { queue_limit: 0 } });
  await plane.addWorker(['m'], { concurrency: 1 });
  await plane.occupy();
  const answer = await ask();
  expect([answer.status, await answer.json()]).toMatchObject([429, { error: { code: 'queue_full' } }]);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
});
