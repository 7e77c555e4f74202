import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { ParleyError, type HostRequest } from '@parley/contracts';
import { answerHostRequests } from './answer-host-requests.ts';
import { HostClient } from './host-client.ts';

const PROGRAM = fileURLToPath(new URL('../testing/asking-child.mjs', import.meta.url));

/** A child that asks once what it is told to and reports the outcome. */
async function outcomeOf(request: unknown, answer: (request: HostRequest) => Promise<unknown>) {
  const child = fork(PROGRAM, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  answerHostRequests(child, answer);
  const { promise, resolve } = Promise.withResolvers<unknown>();
  child.on('message', (message: { type: string; outcome: unknown }) => {
    if (message.type === 'outcome') resolve(message.outcome);
  });
  child.send({ ask: request });
  const outcome = await promise;
  child.kill();
  return outcome;
}

it('gives a child the answer to its request', async () => {
  const lines = ['one', 'two'];
  const outcome = await outcomeOf({ op: 'log', model: 'tiny' }, async (request) => {
    expect(request).toEqual({ op: 'log', model: 'tiny' });
    return { lines };
  });
  expect(outcome).toEqual({ reply: { lines } });
});

it('gives a child the error with its code and sentence', async () => {
  const outcome = await outcomeOf({ op: 'replace', model: 'none' }, async () => {
    throw new ParleyError('model_not_found', 'No process runs a model "none".');
  });
  expect(outcome).toEqual({ code: 'model_not_found', message: 'No process runs a model "none".' });
});

it('answers each request by its own number, in whatever order the replies come', async () => {
  const channel = new FakeChannel();
  const client = new HostClient(channel);
  const first = client.ask({ op: 'log', model: 'one' });
  const second = client.ask({ op: 'log', model: 'two' });
  const [one, two] = channel.sent.map(({ request }) => request);
  channel.emit('message', { type: 'host-reply', request: two, result: { lines: ['of two'] } });
  channel.emit('message', { type: 'host-reply', request: one, result: { lines: ['of one'] } });
  expect(await Promise.all([first, second])).toEqual([{ lines: ['of one'] }, { lines: ['of two'] }]);
});

it('says that nobody runs the models when the channel closes', async () => {
  const channel = new FakeChannel();
  const client = new HostClient(channel);
  const waiting = client.ask({ op: 'processes' });
  channel.connected = false;
  channel.emit('disconnect');
  await expect(waiting).rejects.toMatchObject({ code: 'model_host_missing' });
  await expect(client.ask({ op: 'processes' })).rejects.toMatchObject({ code: 'model_host_missing' });
});

/** FAKE channel: keeps what is sent; a test emits what the launcher says. */
class FakeChannel extends EventEmitter {
  connected = true;
  readonly sent: { request: number }[] = [];

  send(message: unknown): void {
    this.sent.push(message as { request: number });
  }
}
