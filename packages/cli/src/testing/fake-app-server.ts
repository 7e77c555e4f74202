import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { CommandContext } from '../command-context.ts';
import { writeLauncherFile } from '../home/launcher-file.ts';
import { loadOrCreateSecret } from '../home/secrets.ts';
import { loadSettings } from '../settings/load-settings.ts';
import { english } from '../terminal/messages.en.ts';

/** Answers one request: with what `respond` gives as JSON, or by itself on the response. */
type Respond = (response: ServerResponse, body: unknown) => unknown;

/** FAKE application server with a home folder in which it is the one that runs; remembers what was sent to it. */
export class FakeAppServer {
  readonly home = mkdtempSync(join(tmpdir(), 'parley-app-'));
  readonly sent: { call: string; body: unknown }[] = [];
  readonly #routes: Readonly<Record<string, Respond>>;
  readonly #server = createServer((request, response) => {
    const call = `${request.method} ${request.url}`;
    void json(request)
      .catch(() => null)
      .then((body) => {
        this.sent.push({ call, body });
        const respond = this.#routes[call];
        if (!respond) return response.writeHead(404).end();
        const answer = respond(response, body);
        return answer === undefined ? null : response.end(JSON.stringify(answer));
      });
  });

  /** Routes by method and path, such as `GET /api/models`. */
  constructor(routes: Readonly<Record<string, Respond>>) {
    this.#routes = routes;
  }

  /** Answers what commands start from when it runs. */
  async start(): Promise<CommandContext> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    loadOrCreateSecret(join(this.home, 'secrets.json'));
    const server_url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    writeLauncherFile(join(this.home, 'launcher.json'), { pid: process.pid, started_at: 1, server_url, processes: [] });
    const loaded = loadSettings({ root: this.home, environment: { PARLEY_HOME: this.home }, say: english });
    return { root: this.home, loaded, say: english };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}
