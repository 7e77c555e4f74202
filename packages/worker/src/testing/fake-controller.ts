import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ControllerCall {
  path: string;
  authorization: string | undefined;
  body: Record<string, unknown>;
}

export interface FakeController {
  url: string;
  port: number;
  /** All calls, oldest first. */
  calls: readonly ControllerCall[];
  /** Forgets its workers, as a restarted controller has. */
  forget(): void;
  /** Resolves with the next call to `path` from now on. */
  next(path: string): Promise<ControllerCall>;
  close(): Promise<void>;
}

/** A fake of FastChat's controller on a real socket: it knows who registered, and nothing else. */
export async function startFakeController({ port = 0 }: { port?: number } = {}): Promise<FakeController> {
  const known = new Set<unknown>();
  const calls: ControllerCall[] = [];
  const heard = new EventEmitter();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const call = await receive(request);
    calls.push(call);
    send(response, reply(call, known));
    heard.emit(call.path, call);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}`,
    port: actual,
    calls,
    forget: () => known.clear(),
    async next(path) {
      const [call] = (await once(heard, path)) as [ControllerCall];
      return call;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function receive(request: IncomingMessage): Promise<ControllerCall> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  const body = JSON.parse(text) as Record<string, unknown>;
  return { path: request.url ?? '', authorization: request.headers.authorization, body };
}

function reply({ path, body }: ControllerCall, known: Set<unknown>): unknown {
  const name = body['worker_name'];
  if (path === '/receive_heart_beat') return { exist: known.has(name) };
  if (path === '/register_worker') known.add(name);
  if (path === '/unregister_worker') known.delete(name);
  return null;
}

function send(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
