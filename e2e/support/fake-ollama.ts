import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeOllama {
  port: number;
  close(): void;
}

/** FAKE Ollama: says that it runs, lists one model, and answers every chat with its sentence, without a key. */
export async function startFakeOllama(model: string, sentence: string): Promise<FakeOllama> {
  const server = createServer((request, response) => void answer(request, response, { model, sentence }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { model, sentence }: { model: string; sentence: string },
): Promise<void> {
  request.resume();
  await once(request, 'end');
  if (request.url === '/') return void response.end('Ollama is running');
  if (request.url === '/v1/models') {
    const data = [{ id: model, object: 'model', created: 0, owned_by: 'library' }];
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ object: 'list', data }));
    return;
  }
  if (request.url !== '/v1/chat/completions') return void response.writeHead(404).end();
  response.setHeader('content-type', 'text/event-stream');
  const say = (delta: object, finish_reason: string | null) => {
    const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 0, model };
    response.write(`data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, delta, finish_reason }] })}\n\n`);
  };
  say({ role: 'assistant', content: sentence }, null);
  say({ content: '' }, 'stop');
  response.end('data: [DONE]\n\n');
}
