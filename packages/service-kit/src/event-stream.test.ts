import { expect, it } from 'vitest';
import { readEventStream } from './event-stream-reader.ts';
import { openEventStream, toEventStreamText } from './event-stream-writer.ts';
import { buildService } from './build-service.ts';
import { collect, silentLogger } from './testing/index.ts';
import { callHttp } from './http-client.ts';
import { listen } from './listen.ts';

it('reads messages whatever way the bytes are cut, also inside a character', async () => {
  const bytes = Buffer.from(
    toEventStreamText({ id: 1, data: '{"text":"你好 😀"}' }) + toEventStreamText({ event: 'done', data: '{}' }),
  );
  for (let size = 1; size <= bytes.length; size += 1) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    const messages = await collect(readEventStream(toAsync(chunks)));
    expect(messages).toEqual([
      { id: '1', event: undefined, data: '{"text":"你好 😀"}' },
      { id: undefined, event: 'done', data: '{}' },
    ]);
  }
});

it('streams what is written, with the headers that keep proxies from holding it back', async () => {
  const app = buildService({ name: 'test', logger: silentLogger(), bodyLimit: 1000 });
  app.get('/stream', async (_, reply) => {
    const stream = openEventStream(reply);
    await stream.write({ id: 1, data: 'one' });
    await stream.write({ event: 'named', data: 'two' });
    stream.end();
  });
  const address = await listen(app, { host: '127.0.0.1', port: 0 });
  const answer = await callHttp({ url: `${address}/stream`, method: 'GET' }, 'provider_failed');
  expect(answer.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-request-id': expect.any(String),
  });
  const messages = await collect(readEventStream(answer.body));
  await app.close();
  expect(messages.map(({ event, data }) => [event, data])).toEqual([
    [undefined, 'one'],
    ['named', 'two'],
  ]);
});

it('lets a service stop as soon as its last stream has ended', async () => {
  const app = buildService({ name: 'test', logger: silentLogger(), bodyLimit: 1000 });
  const isStopping = Promise.withResolvers<void>();
  app.get('/stream', async (_, reply) => {
    const stream = openEventStream(reply);
    await isStopping.promise;
    await stream.write({ data: 'last' });
    stream.end();
  });
  const address = await listen(app, { host: '127.0.0.1', port: 0 });
  const answer = await callHttp({ url: `${address}/stream`, method: 'GET' }, 'provider_failed');
  const started = performance.now();
  const stopped = app.close();
  isStopping.resolve();
  expect(await collect(readEventStream(answer.body))).toMatchObject([{ data: 'last' }]);
  await stopped;
  expect(performance.now() - started).toBeLessThan(10_000);
});

async function* toAsync(chunks: Uint8Array[]) {
  yield* chunks;
}
