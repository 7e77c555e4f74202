import { heartBeatReplySchema, ParleyError, type WorkerStatus } from '@parley/contracts';
import { callHttp, readJson, type HttpAgent } from '@parley/service-kit';

/** A controller that is alive answers at once; one that does not is treated as gone. */
const ANSWER_TIMEOUT_MS = 3_000;

export interface ControllerClientOptions {
  controllerUrl: string;
  secret: string;
  /** The worker's base URL, by which the controller knows it. */
  workerName: string;
  agent: HttpAgent;
}

/** The controller's worker routes, in FastChat's shapes. Throws `controller_unreachable`, or what was answered. */
export class ControllerClient {
  readonly #options: ControllerClientOptions;

  constructor(options: ControllerClientOptions) {
    this.#options = options;
  }

  async register(status: WorkerStatus, signal: AbortSignal): Promise<void> {
    await this.#post('/register_worker', { check_heart_beat: true, worker_status: status, multimodal: false }, signal);
  }

  /** False when the controller does not know this worker (any more). */
  async heartBeat(queueLength: number, signal: AbortSignal): Promise<boolean> {
    const reply = await this.#post('/receive_heart_beat', { queue_length: queueLength }, signal);
    const parsed = heartBeatReplySchema.safeParse(reply);
    if (parsed.success) return parsed.data.exist;
    throw new ParleyError('controller_unreachable', 'The controller gave an answer that is not one to a heartbeat.');
  }

  async unregister(signal: AbortSignal): Promise<void> {
    await this.#post('/unregister_worker', {}, signal);
  }

  async #post(path: string, body: object, signal: AbortSignal): Promise<unknown> {
    const { controllerUrl, secret, workerName, agent } = this.#options;
    const answer = await callHttp(
      {
        url: `${controllerUrl}${path}`,
        headers: { authorization: `Bearer ${secret}` },
        body: { worker_name: workerName, ...body },
        signal,
        headersTimeoutMs: ANSWER_TIMEOUT_MS,
        agent,
      },
      'controller_unreachable',
    );
    const reply = await readJson(answer);
    if (answer.status !== 200) throw ParleyError.fromBody(reply, 'controller_unreachable');
    return reply;
  }
}
