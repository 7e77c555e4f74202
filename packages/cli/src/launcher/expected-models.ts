import { callHttp, type HttpCall } from '@parley/service-kit/http-client';

export interface ExpectedModelsOptions {
  controllerUrl: string;
  secret: string;
  /** Sends one call; throws when nobody answers. */
  send?: (call: HttpCall) => Promise<void>;
}

/**
 * Tells the controller which models are configured, so that requests for one whose worker is away
 * wait. Only the newest list counts; one that did not arrive goes with the next change, or when the
 * controller is back.
 */
export class ExpectedModels {
  readonly #options: ExpectedModelsOptions;
  /** Null until somebody said it: a controller begins with the models of the configuration file. */
  #names: readonly string[] | null = null;
  #isSending = false;
  #isStale = false;

  constructor(options: ExpectedModelsOptions) {
    this.#options = options;
  }

  /** The models are these now. */
  change(names: readonly string[]): void {
    this.#names = names;
    this.tell();
  }

  /** Says again what was said last: the controller is a new one. */
  tell(): void {
    if (this.#names === null) return;
    this.#isStale = true;
    if (!this.#isSending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    while (this.#isStale) {
      this.#isStale = false;
      // A controller that is away is started again by the launcher, which then says everything anew.
      await this.#send().catch(() => {});
    }
    this.#isSending = false;
  }

  async #send(): Promise<void> {
    const { controllerUrl, secret, send = sendByHttp } = this.#options;
    await send({
      url: `${controllerUrl}/expected_models`,
      method: 'PUT',
      headers: { authorization: `Bearer ${secret}` },
      body: { models: this.#names },
    });
  }
}

async function sendByHttp(call: HttpCall): Promise<void> {
  const { body } = await callHttp(call, 'controller_unreachable');
  body.resume();
}
