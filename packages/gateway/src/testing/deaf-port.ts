import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Listens, says where, and never comes back to accept. */
const DEAF_SERVER = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;
/** More connections than a queue of one takes in. */
const FILLERS = 6;

/** A fake of a machine that does not answer: to connect to it takes for ever. */
export class DeafPort {
  readonly address: string;
  readonly #worker: Worker;
  readonly #fillers: Socket[];

  private constructor(port: number, worker: Worker, fillers: Socket[]) {
    this.address = `http://127.0.0.1:${port}`;
    this.#worker = worker;
    this.#fillers = fillers;
  }

  static async open(): Promise<DeafPort> {
    const worker = new Worker(DEAF_SERVER, { eval: true });
    const port = await new Promise<number>((resolve) => worker.once('message', resolve));
    const fillers = Array.from({ length: FILLERS }, () => connect(port, '127.0.0.1').on('error', () => {}));
    await new Promise((resolve) => fillers[0]?.once('connect', resolve));
    return new DeafPort(port, worker, fillers);
  }

  async close(): Promise<void> {
    for (const filler of this.#fillers) filler.destroy();
    await this.#worker.terminate();
  }
}
