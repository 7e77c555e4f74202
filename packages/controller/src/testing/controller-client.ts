import { WebSocket } from 'ws';
import {
  leaseReplySchema,
  registrySnapshotSchema,
  type LeaseReply,
  type LeaseRequest,
  type RegistrySnapshot,
} from '@parley/contracts';
import { waitUntil } from '@parley/service-kit/testing';
import { z } from 'zod';

export const TEST_SECRET = 'secret-of-the-tests';
const AUTHORIZATION = { authorization: `Bearer ${TEST_SECRET}` };

/** A plain client of the controller's HTTP door. */
export class ControllerClient {
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  async post(
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<{ status: number; headers: Headers; json: unknown }> {
    const answer = await fetch(this.#address + path, {
      method: 'POST',
      headers: body === undefined ? AUTHORIZATION : { ...AUTHORIZATION, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { status: answer.status, headers: answer.headers, json: await answer.json() };
  }

  async put(path: string, body: unknown): Promise<{ status: number }> {
    const headers = { ...AUTHORIZATION, 'content-type': 'application/json' };
    const answer = await fetch(this.#address + path, { method: 'PUT', headers, body: JSON.stringify(body) });
    await answer.arrayBuffer();
    return { status: answer.status };
  }

  /** Registers a worker that beats; its name is its address. */
  async register(
    workerName: string,
    status: { models: string[]; concurrency?: number; speed?: number },
  ): Promise<void> {
    const { models, concurrency, speed = 1 } = status;
    const worker_status = { model_names: models, speed, queue_length: 0, concurrency };
    await this.post('/register_worker', { worker_name: workerName, check_heart_beat: true, worker_status });
  }

  async workers(): Promise<RegistrySnapshot> {
    const answer = await fetch(`${this.#address}/workers`, { headers: AUTHORIZATION });
    return registrySnapshotSchema.parse(await answer.json());
  }

  async connect(owner: string): Promise<LeaseSocket> {
    const url = `${this.#address.replace('http', 'ws')}/leases/connect?owner=${owner}`;
    const socket = new WebSocket(url, { headers: AUTHORIZATION });
    const connection = new LeaseSocket(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return connection;
  }
}

/** The gateway's side of the lease connection, bare: records every reply. */
export class LeaseSocket {
  readonly replies: LeaseReply[] = [];
  readonly socket: WebSocket;
  messages = 0;
  closeReason: string | null = null;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      this.messages += 1;
      this.replies.push(...z.array(leaseReplySchema).parse(JSON.parse(data.toString())));
    });
    socket.once('close', (_code, reason) => (this.closeReason = reason.toString()));
  }

  send(...operations: LeaseRequest[]): void {
    this.socket.send(JSON.stringify(operations));
  }

  /** The newest reply of that kind, to that request; waits for the first. */
  async reply<Op extends LeaseReply['op']>(op: Op, request?: number): Promise<Extract<LeaseReply, { op: Op }>> {
    const find = () =>
      this.replies.findLast(
        (reply): reply is Extract<LeaseReply, { op: Op }> =>
          reply.op === op && (request === undefined || ('request' in reply && reply.request === request)),
      );
    await waitUntil(() => find() !== undefined, `a reply ${op} to request ${request}`);
    return find() as Extract<LeaseReply, { op: Op }>;
  }
}
