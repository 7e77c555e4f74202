import { providerNamed } from '@parley/contracts';
import { frame, STANDARD_USAGE, type Playback, type VendorEnd, type VendorWire } from './vendor-wire.ts';

const KEY = 'sk-fakeVendorKey0123456789';

/** platform.openai.com/docs/api-reference: chat-streaming, models/list, and its answer to a wrong key. */
export const openaiWire: VendorWire = {
  prefix: '/v1',
  key: KEY,
  refuseKey({ authorization = '' }) {
    if (authorization === `Bearer ${KEY}`) return null;
    const message = `Incorrect API key provided: ${authorization.slice(7)}.`;
    const error = { message, type: 'invalid_request_error', param: null, code: 'invalid_api_key' };
    return { status: 401, body: { error } };
  },
  listModels() {
    const models = providerNamed('openai')?.models ?? [];
    const ids = [...models.map(({ id }) => id), 'whisper-1', 'tts-1', 'gpt-image-2', 'omni-moderation-latest'];
    const data = ids.map((id) => ({ id, object: 'model', created: 1686935002, owned_by: 'openai' }));
    return { status: 200, body: { object: 'list', data } };
  },
  play: (body) => new OpenaiPlayback(body),
};

/** The role once, an empty delta at the end, usage in a chunk without choices. */
class OpenaiPlayback implements Playback {
  readonly #head: object;
  readonly #asksForUsage: boolean;
  #isFirst = true;

  constructor(body: Record<string, unknown>) {
    const { model, stream_options: options } = body as { model: unknown; stream_options?: { include_usage?: boolean } };
    const id = 'chatcmpl-fake';
    this.#head = { id, object: 'chat.completion.chunk', created: 1694268190, model, system_fingerprint: 'fake' };
    this.#asksForUsage = options?.include_usage === true;
  }

  begin(): string {
    return '';
  }

  piece(delta: Record<string, unknown>, logprobs: unknown = null): string {
    const role = this.#isFirst ? { role: 'assistant' } : {};
    this.#isFirst = false;
    return this.#chunk({ delta: { ...role, ...delta }, logprobs, finish_reason: null });
  }

  end({ finishReason, usage }: VendorEnd): string {
    const last = finishReason === null ? '' : this.#chunk({ delta: {}, logprobs: null, finish_reason: finishReason });
    const counts = Object.keys(usage).length > 0 ? usage : STANDARD_USAGE;
    const used = this.#asksForUsage ? frame({ ...this.#head, choices: [], usage: counts }) : '';
    return `${last}${used}data: [DONE]\n\n`;
  }

  fail(error: { error: unknown }): string {
    return frame(error);
  }

  #chunk(choice: object): string {
    return frame({ ...this.#head, choices: [{ index: 0, ...choice }], ...(this.#asksForUsage && { usage: null }) });
  }
}
