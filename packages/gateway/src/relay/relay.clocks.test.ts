import { afterEach, describe, expect, it } from 'vitest';
import { DeafPort } from '../testing/deaf-port.ts';
import { clocksSchema, type GatewaySettings } from '../config.ts';
import { openStream, openingEvent, textEvent, type Script } from '../testing/fake-worker.ts';
import { QUESTION, TestPlane } from '../testing/test-plane.ts';

let plane: TestPlane;
afterEach(() => plane.stop());

async function askWith(clocks: GatewaySettings['clocks'], script: Script, stream = true) {
  plane = await TestPlane.start({ gateway: { clocks } });
  const worker = await plane.addWorker();
  worker.script = script;
  const response = await plane.complete({ model: 'm', messages: QUESTION, stream });
  const text = await response.text();
  await plane.settled(0);
  return { status: response.status, text, worker };
}

/** Pings, or whatever else, for as long as the gateway listens. */
const repeat =
  (event: string, ...first: string[]): Script =>
  (response) => {
    openStream(response);
    response.write(first.join(''));
    const timer = setInterval(() => response.write(event), 15);
    response.once('close', () => clearInterval(timer));
  };

describe('the clock', () => {
  it('for the headers answers 504', async () => {
    const { status, text, worker } = await askWith({ headers_ms: 60 }, () => {});
    expect([status, JSON.parse(text)]).toMatchObject([504, { error: { code: 'worker_timeout' } }]);
    expect(text).toContain('did not begin to answer within 0.06 s');
    await (
      await worker.request()
    ).left;
  });

  it('for the headers leaves room for a slow model and for an answer in one piece', () => {
    // Our own workers send the headers with the first text, or with all of it; OpenAI's clients wait ten minutes.
    const { headers_ms, first_content_ms } = clocksSchema.parse({});
    expect(headers_ms).toBeGreaterThanOrEqual(Math.max(first_content_ms, 600_000));
  });

  it('for the first text is not prolonged by the opening chunk or by pings', async () => {
    const { status, text, worker } = await askWith({ first_content_ms: 90 }, repeat(': ping\n\n', openingEvent));
    expect(status).toBe(200);
    expect(text).toMatch(
      /data: \{"error":\{"message":"The worker sent no text within 0.09 s.".*"worker_timeout"\}\}\n\n$/,
    );
    expect(text).not.toContain('[DONE]');
    await (
      await worker.request()
    ).left;
  });

  it('between two texts is not prolonged by pings', async () => {
    const script = repeat(': ping\n\n', openingEvent, textEvent('Hel'));
    const { text } = await askWith({ between_contents_ms: 90 }, script);
    expect(text).toContain('Hel');
    expect(text).toMatch(/sent no more text for 0.09 s/);
  });

  it('between two texts lets a stream live that goes on', async () => {
    const script: Script = async (response) => {
      openStream(response);
      for (let piece = 0; piece < 8; piece += 1) {
        response.write(textEvent(`${piece}`));
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      response.end('data: [DONE]\n\n');
    };
    const { text } = await askWith({ between_contents_ms: 2_000 }, script);
    expect(text).toMatch(/\[DONE\]\n\n$/);
  });

  it('for all of it ends a stream that trickles for ever', async () => {
    const { text } = await askWith({ total_ms: 150 }, repeat(textEvent('.')));
    expect(text).toMatch(/took longer than 0.15 s/);
  });

  it('for all of it counts the wait in the queue', async () => {
    plane = await TestPlane.start({ gateway: { clocks: { total_ms: 200 } } });
    await plane.addWorker(['m'], { concurrency: 1 });
    await plane.occupy();
    const waiting = await plane.complete({ model: 'm', messages: QUESTION });
    expect([waiting.status, await waiting.json()]).toMatchObject([504, { error: { code: 'worker_timeout' } }]);
    await plane.settled(1);
  });

  it('for a whole answer runs as well', async () => {
    const half: Script = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"id":');
    };
    const { status } = await askWith({ between_contents_ms: 80 }, half, false);
    expect(status).toBe(504);
  });

  it('for the connection gives a worker up that nobody can reach', async () => {
    const controller = { heart_beat_expiry_ms: 100 };
    plane = await TestPlane.start({ gateway: { clocks: { connect_ms: 100 } }, controller });
    const deaf = await DeafPort.open();
    await plane.registerAddress(deaf.address);
    const startedAt = performance.now();
    const answer = await plane.complete({ model: 'm', messages: QUESTION });
    expect([answer.status, await answer.json()]).toMatchObject([502, { error: { code: 'worker_unreachable' } }]);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await plane.settled(0);
    await deaf.close();
  });
});
