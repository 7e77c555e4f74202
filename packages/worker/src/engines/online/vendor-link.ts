import type { FastifyBaseLogger } from 'fastify';
import { createAgent } from '@parley/service-kit';
import { askVendor } from './ask-vendor.ts';
import type { Translator } from './from-openai-refusal.ts';
import { streamVendorEvents, type StreamForm } from './stream-vendor-events.ts';
import { translateRefusals } from './translate-refusals.ts';
import type { RefusalReading } from './vendor-refusal.ts';

/** OpenRouter's list of some thousand models is 2 MB. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;

/** What all online models' settings say. */
interface OnlineModel {
  name: string;
  upstream_model?: string | null | undefined;
  base_url: string;
  api_key: string | null;
  silence_limit_ms: number;
}

export interface VendorLinkOptions {
  model: OnlineModel;
  /** Sent with every request; asked for each, because a token may have a life of its own. */
  headers: () => Record<string, string> | Promise<Record<string, string>>;
  toError: Translator;
  /** For a provider whose errors have a form of their own; see `RefusalReading`. */
  toErrorForm?: RefusalReading['toErrorForm'] | undefined;
  logger: FastifyBaseLogger;
  now: () => number;
}

/** How an engine reaches its provider: connections that are kept, silence that ends, refusals translated. */
export interface VendorLink {
  /** The provider's name of the model. */
  model: string;
  /** Posts and reads the answer as a stream. */
  stream: <Event>(path: string, request: VendorRequest, form: StreamForm<Event>) => AsyncGenerator<Event>;
  /** Posts and reads the answer whole. */
  post: (path: string, request: VendorRequest) => Promise<unknown>;
  /** Reads a list. */
  get: (path: string, signal: AbortSignal) => Promise<unknown>;
  close: () => Promise<void>;
}

export interface VendorRequest {
  body: unknown;
  signal: AbortSignal;
}

/** Opens nothing yet: connections are made by the first request. The caller closes it. */
export function createVendorLink(options: VendorLinkOptions): VendorLink {
  const { model, headers, toError, toErrorForm = (body) => body, logger, now } = options;
  const upstream = { host: new URL(model.base_url).host, model: model.upstream_model ?? model.name };
  // Over the internet a connection may take its time.
  const agent = createAgent({ connectTimeoutMs: 10_000 });
  const shared = {
    silenceLimitMs: model.silence_limit_ms,
    toError: translateRefusals({ toError, upstream, apiKey: model.api_key, logger }),
    toErrorForm,
    agent,
    now,
  };
  const url = (path: string) => model.base_url + path;
  return {
    model: upstream.model,
    async *stream(path, { body, signal }, form) {
      const streaming = { accept: 'text/event-stream', ...(await headers()) };
      yield* streamVendorEvents({ ...shared, url: url(path), headers: streaming, body, signal }, form);
    },
    post: async (path, { body, signal }) =>
      askVendor({ ...shared, url: url(path), headers: await headers(), body, signal }),
    get: async (path, signal) =>
      askVendor({ ...shared, url: url(path), headers: await headers(), signal, maxBytes: MAX_LIST_BYTES }),
    close: async () => agent.destroy(),
  };
}
