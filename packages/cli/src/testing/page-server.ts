import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PageServer {
  url: string;
  close(): void;
}

/** A web server for tests, on loopback: answers the pages given by path, HTML unless the path ends otherwise. */
export async function servePages(pages: Readonly<Record<string, string | Buffer>>): Promise<PageServer> {
  const server = createServer((request, response) => {
    const body = pages[request.url ?? ''];
    const type = request.url?.endsWith('.txt') ? 'text/plain' : 'text/html';
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A blog post as the seeds' program reads one: the parts to keep have classes, the rest is to be left out. */
export const BLOG_POST = `<!doctype html><html lang="en"><head><title>Agents</title></head><body>
<nav>Home</nav>
<header class="post-header"><h1 class="post-title">Autonomous agents</h1></header>
<div class="post-content">
<h2>Task decomposition</h2><p>Task decomposition splits a large task into smaller steps. It can be done by prompting the model, by instructions for the task, or by a person.</p>
<h2>Memory</h2><p>Long-term memory keeps facts in a vector store outside the model.</p>
</div>
<footer>Task decomposition is also sold in our shop.</footer></body></html>`;
