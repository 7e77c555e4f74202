import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

// Tests alone open a port here; the room itself is kept from it by a lint rule.
const { createServer } = process.getBuiltinModule('node:http');

export interface SitePage {
  body: string | Uint8Array;
  type?: string;
  status?: number;
}

/** A page, an address that it leads to, or what to make of any path that begins so. */
export type SiteAnswer = string | SitePage | { to: string } | ((url: URL) => string);

/** A real web site on this machine; remembers what was asked for. */
export class SiteServer {
  readonly asked: string[] = [];
  readonly #server: ReturnType<typeof createServer>;
  readonly #pages: Record<string, SiteAnswer>;

  constructor(pages: Record<string, SiteAnswer>) {
    this.#pages = pages;
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', this.address);
      this.asked.push(url.pathname + url.search);
      const answer = this.#answerTo(url);
      if (answer === null) response.writeHead(404).end('gone');
      else if ('to' in answer) response.writeHead(302, { location: answer.to }).end();
      else {
        const { status = 200, type = 'text/html; charset=utf-8', body } = answer;
        response.writeHead(status, { 'content-type': type }).end(body);
      }
    });
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #answerTo(url: URL): SitePage | { to: string } | null {
    const exact = this.#pages[url.pathname + url.search] ?? this.#pages[url.pathname];
    const begun = Object.entries(this.#pages).find(
      ([path, page]) => typeof page === 'function' && url.pathname.startsWith(path),
    );
    const answer = exact ?? begun?.[1];
    if (answer === undefined) return null;
    if (typeof answer === 'function') return { body: answer(url) };
    return typeof answer === 'string' ? { body: answer } : answer;
  }
}
