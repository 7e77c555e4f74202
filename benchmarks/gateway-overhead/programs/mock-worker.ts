import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveParent } from '../../processes/serve-parent.ts';

const BASE = { id: 'chatcmpl-123456789', created: 1_700_000_000, model: 'mock' };
const WHOLE = JSON.stringify({
  ...BASE,
  object: 'chat.completion',
  choices: [
    { index: 0, message: { role: 'assistant', content: 'A whole answer. '.repeat(20) }, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 50, completion_tokens: 60, total_tokens: 110 },
});
const CHUNK = toEvent({ content: ' word' }, null);
const LAST = `${toEvent({}, 'stop')}data: [DONE]\n\n`;

await serveParent(async ({ chunks, everyMs }: { chunks: number; everyMs: number }) => {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString('latin1')));
    request.on('end', () => {
      if (body.includes('"stream":true')) stream(response, { chunks, everyMs });
      else response.writeHead(200, { 'content-type': 'application/json' }).end(WHOLE);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});

function stream(response: ServerResponse, { chunks, everyMs }: { chunks: number; everyMs: number }): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sent = 0;
  const timer = setInterval(() => {
    sent += 1;
    if (sent <= chunks) return response.write(CHUNK);
    clearInterval(timer);
    return response.end(LAST);
  }, everyMs);
  response.once('close', () => clearInterval(timer));
}

function toEvent(delta: object, finish_reason: string | null): string {
  return `data: ${JSON.stringify({ ...BASE, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
}
