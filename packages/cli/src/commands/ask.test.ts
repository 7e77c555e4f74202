import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeAppServer } from '../testing/fake-app-server.ts';
import { ask } from './ask.ts';

const root = join(import.meta.dirname, '../../../..');
const IDS = { message_id: 'm1', conversation_id: 'c1', user_message_id: 'u1', model: 'slow' };
const START = `event: start\ndata: ${JSON.stringify(IDS)}\n\n`;
const WORDS = `data: ${JSON.stringify({ message_id: 'm1', text: 'Some words' })}\n\n`;

let server: FakeAppServer | null = null;
afterEach(() => {
  server?.close();
  server = null;
  vi.restoreAllMocks();
});

function begin(response: ServerResponse, words: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(START + words);
}

function printed(): string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(process.stdout, 'write').mockImplementation((words) => lines.push(String(words)) > 0);
  return lines;
}

describe('a server that dies under an answer', () => {
  const dying = (response: ServerResponse) => {
    begin(response, WORDS);
    response.socket?.end();
  };

  it('is told in a sentence, after what came of the answer', async () => {
    server = new FakeAppServer({ 'POST /api/chat': dying });
    const lines = printed();
    await expect(ask(await server.start(), 'q', {})).rejects.toMatchObject({
      name: 'CommandError',
      message: 'The answer failed: The connection to the server broke off.',
    });
    expect(lines.join('')).toContain('Some words');
  });

  it('leaves a script its JSON object', async () => {
    server = new FakeAppServer({ 'POST /api/chat': dying });
    const lines = printed();
    await expect(ask(await server.start(), 'q', { json: true })).rejects.toThrow('broke off');
    expect(JSON.parse(lines.join(''))).toMatchObject({
      answer: 'Some words',
      status: 'interrupted',
      error: { code: 'stream_interrupted', retryable: true },
    });
  });
});

describe('Ctrl+C', () => {
  it('leaves when nothing is announced yet', async () => {
    server = new FakeAppServer({ 'POST /api/chat': () => void process.emit('SIGINT') });
    await expect(ask(await server.start(), 'q', {})).rejects.toMatchObject({ code: 'request_aborted' });
  });

  it('leaves a server that cannot be told to stop', async () => {
    server = new FakeAppServer({
      'POST /api/chat': (response) => begin(response, WORDS),
      'POST /api/messages/m1/stop': (response) => void response.socket?.destroy(),
    });
    vi.spyOn(console, 'log').mockReturnValue();
    // Pressed when the first words are seen.
    vi.spyOn(process.stdout, 'write').mockImplementation(() => process.emit('SIGINT'));
    await expect(ask(await server.start(), 'q', {})).rejects.toMatchObject({ name: 'CommandError' });
  });
});

it('ends without a word when nobody reads its output any more', async () => {
  server = new FakeAppServer({
    'POST /api/chat': (response) => {
      begin(response, WORDS);
      const writing = setInterval(() => response.write(WORDS), 10);
      response.once('close', () => clearInterval(writing));
    },
  });
  await server.start();
  const environment = { PATH: process.env['PATH'], LANG: 'C', PARLEY_HOME: server.home };
  const child = spawn(process.execPath, ['bootstrap.mjs', 'parley', 'ask', 'q'], { cwd: root, env: environment });
  const complaints = text(child.stderr);
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  expect(await ended).toEqual([141, null]);
  expect(await complaints).toBe('');
}, 30_000);
