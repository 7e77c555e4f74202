import { afterEach, beforeEach, expect, it } from 'vitest';
import { APIError, AuthenticationError, NotFoundError, RateLimitError } from 'openai';
import {
  cutAfter,
  lengthsAsVectors,
  openingEvent,
  sendJson,
  stallAfter,
  streamOf,
  textEvent,
  wholeOf,
} from './testing/fake-worker.ts';
import { QUESTION, TestPlane } from './testing/test-plane.ts';

let plane: TestPlane;

beforeEach(async () => {
  plane = await TestPlane.start({ gateway: { api_keys: ['sk-ada'] } });
});
afterEach(() => plane.stop());
const ada = () => plane.openai('sk-ada');
const ask = (stream: boolean) => ({ model: 'm', messages: QUESTION, stream }) as const;

async function textOf(stream: AsyncIterable<{ choices: { delta: { content?: string | null } }[] }>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  return text;
}

it('lists the models that have a worker', async () => {
  await plane.addWorker(['org/one', 'two']);
  const models = await Array.fromAsync(ada().models.list());
  expect(models.map(({ id }) => id)).toEqual(['org/one', 'two']);
  expect((await ada().models.retrieve('org/one')).id).toBe('org/one');
  await expect(ada().models.retrieve('three')).rejects.toThrow(/There are: org\/one, two/);
});

it('streams an answer', async () => {
  const worker = await plane.addWorker();
  worker.script = streamOf('Hel', 'lo 世', '界');
  const stream = await ada().chat.completions.create({ ...ask(true), stream: true });
  expect(await textOf(stream)).toBe('Hello 世界');
  await plane.settled();
});

it('answers whole', async () => {
  const worker = await plane.addWorker();
  worker.script = wholeOf('All of it.');
  const answer = await ada().chat.completions.create({ ...ask(false), stream: false });
  expect(answer.choices[0]?.message.content).toBe('All of it.');
  await plane.settled();
});

it.each([undefined, 'float', 'base64'] as const)('makes embeddings, in the order of the texts (%s)', async (format) => {
  const worker = await plane.addWorker();
  worker.script = lengthsAsVectors;
  const input = ['one', '二', 'three'];
  const answer = await ada().embeddings.create({ model: 'm', input, ...(format && { encoding_format: format }) });
  const toNumbers = (embedding: unknown) =>
    typeof embedding === 'string'
      ? [...new Float32Array(new Uint8Array(Buffer.from(embedding, 'base64')).buffer)]
      : embedding;
  expect(answer.data.map(({ embedding }) => toNumbers(embedding))).toEqual([
    [3, 0],
    [1, 1],
    [5, 2],
  ]);
  expect(answer.usage.prompt_tokens).toBe(3);
  expect((await worker.request()).path).toBe('/v1/embeddings');
  await plane.settled();
});

it('lets the worker see within a moment that the reader has stopped', async () => {
  const worker = await plane.addWorker();
  worker.script = stallAfter(openingEvent, textEvent('Hel'));
  const stream = await ada().chat.completions.create({ ...ask(true), stream: true });
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
  const stoppedAt = performance.now();
  stream.controller.abort();
  const leftAt = await (await worker.request()).left;
  expect(leftAt - stoppedAt).toBeLessThan(5_000);
  await plane.settled();
});

it('reads a missing model as not found, with the names there are', async () => {
  await plane.addWorker(['m']);
  const error = await ada()
    .chat.completions.create({ ...ask(false), model: 'n' })
    .then(null, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(NotFoundError);
  expect(error).toMatchObject({
    code: 'model_not_found',
    param: 'model',
    message: expect.stringContaining('There are: m'),
  });
});

it('reads a wrong key as an authentication error', async () => {
  const error = await plane
    .openai('sk-eve')
    .models.list()
    .then(null, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(AuthenticationError);
  expect(error).toMatchObject({ code: 'invalid_api_key', type: 'authentication_error' });
});

it('reads a rate limit of the worker with the time to wait', async () => {
  const worker = await plane.addWorker();
  const body = {
    error: { message: 'Slow down.', type: 'rate_limit_error', param: null, code: 'provider_rate_limited' },
  };
  worker.script = (response) => {
    response.setHeader('retry-after', '7');
    sendJson(response, 429, body);
  };
  const error = await ada()
    .chat.completions.create(ask(true))
    .then(null, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(RateLimitError);
  expect((error as APIError).headers?.get('retry-after')).toBe('7');
  expect(error).toMatchObject({ code: 'provider_rate_limited' });
});

it('reads a stream that breaks as an error, after the text that came', async () => {
  const worker = await plane.addWorker();
  worker.script = cutAfter(openingEvent, textEvent('Hel'), 'data: {"id":"chatcmpl-1","cho');
  const stream = await ada().chat.completions.create({ ...ask(true), stream: true });
  const texts: string[] = [];
  const error = await (async () => {
    for await (const chunk of stream) texts.push(chunk.choices[0]?.delta.content ?? '');
  })().then(null, (reason: unknown) => reason);
  expect(texts.join('')).toBe('Hel');
  expect(error).toBeInstanceOf(APIError);
  expect(error).toMatchObject({ code: 'stream_interrupted' });
  await plane.settled();
});
