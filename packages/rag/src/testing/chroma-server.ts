import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Where `scripts/find-chroma.ts` puts the server's package. */
const PACKAGE = join(import.meta.dirname, '../../../../node_modules/.cache/chroma');
const RUN = 'import sys, chromadb_rust_bindings as chroma; chroma.cli(sys.argv)';

/** Whether a Chroma server can be started here; where not, tests that need it are skipped by name. */
export const hasChroma = existsSync(join(PACKAGE, 'chromadb_rust_bindings'));

/** A real Chroma server on a free port over a folder of its own; `stop` and `start` keep its data. */
export class ChromaServer {
  #child: ChildProcess | null = null;
  #folder = '';
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Resolves once it answers. */
  async start(): Promise<void> {
    this.#folder ||= await mkdtemp(join(tmpdir(), 'parley-chroma-'));
    this.#port ||= await freePort();
    const place = ['--path', this.#folder, '--host', '127.0.0.1', '--port', String(this.#port)];
    this.#child = spawn('python3', ['-c', RUN, 'run', ...place], {
      // Its own telemetry asks the network at every start.
      env: { ...process.env, PYTHONPATH: PACKAGE, ANONYMIZED_TELEMETRY: 'false' },
      stdio: 'ignore',
    });
    for (let tries = 0; !(await this.#answers()); tries += 1) {
      if (tries > 300 || this.#child.exitCode !== null) throw new Error('The Chroma server did not start.');
      await delay(100);
    }
  }

  /** Kills it, as a crash would, unless told otherwise. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  /** Ends it and removes its folder. */
  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
    this.#folder = '';
  }

  #answers(): Promise<boolean> {
    return fetch(`${this.url}/api/v2/heartbeat`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
