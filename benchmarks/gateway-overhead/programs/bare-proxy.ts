import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { serveParent } from '../../processes/serve-parent.ts';

/** The least that a proxy on `undici.dispatch` can do: no checks, no clocks, no choice of worker, no aborts. */
await serveParent(async ({ worker }: { worker: string }) => {
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const headers = ['content-type', 'application/json'];
      const path = request.url ?? '/';
      agent.dispatch({ origin: worker, path, method: 'POST', headers, body: Buffer.concat(parts) }, copyTo(response));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});

function copyTo(response: ServerResponse): Dispatcher.DispatchHandler {
  return {
    onRequestStart() {},
    onResponseStart(_, status, headers) {
      response.writeHead(status, { 'content-type': String(headers['content-type']) });
    },
    onResponseData(_, chunk) {
      response.write(chunk);
    },
    onResponseEnd() {
      response.end();
    },
    onResponseError() {
      response.destroy();
    },
  };
}
