import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AppRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
}

/** A fake application server: records what it is asked, and answers as the test says; the body is the test's to read. */
export class FakeAppServer {
  readonly requests: AppRequest[] = [];
  handle: (request: IncomingMessage, response: ServerResponse) => void = (request, response) => {
    request.resume().once('end', () => response.setHeader('content-type', 'application/json').end('{"object":"list"}'));
  };
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
      this.handle(request, response);
    });
  }

  static async start(): Promise<FakeAppServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return new FakeAppServer(server);
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
