import { z } from 'zod';
import { readJson, type HttpAnswer } from '@parley/service-kit';
import { parseJson } from './parse-json.ts';

/** No provider needs more words to refuse; a body that goes on and on must not fill the memory. */
const MAX_REFUSAL_BYTES = 1024 * 1024;
/** Some repeat the whole request in their words. */
const MAX_MESSAGE_LENGTH = 1_000;

/** What a provider says when it does not answer, whatever form it gives it. */
export interface VendorRefusal {
  /** The HTTP status; null when it came in the middle of a stream. */
  status: number | null;
  retryAfterSeconds: number | null;
  code: string | null;
  type: string | null;
  param: string | null;
  message: string;
  /** What Google and Anthropic say beside it, in forms of their own. */
  details: unknown;
}

const NO_REASON = 'The provider gave no reason.';

const wordSchema = z
  .union([z.string(), z.number()])
  .transform(String)
  .nullish()
  .catch(null)
  .transform((word) => word ?? null);
// Mistral puts a whole report in the place of the message.
const messageSchema = z.preprocess(
  (message) => (typeof message === 'object' && message !== null ? JSON.stringify(message) : message),
  wordSchema,
);
const metadataSchema = z.looseObject({ error_type: wordSchema, raw: messageSchema }).nullish().catch(null);
// `status` is Google's word for the type, `metadata.error_type` OpenRouter's.
const detailsSchema = z
  .looseObject({
    code: wordSchema,
    type: wordSchema,
    status: wordSchema,
    param: wordSchema,
    message: messageSchema,
    details: z.unknown().optional(),
    metadata: metadataSchema,
  })
  .transform(({ type, status, message, metadata, ...rest }) => ({
    ...rest,
    type: type ?? status ?? metadata?.error_type ?? null,
    message: wordsBehind(metadata?.raw ?? '') || message,
  }));
// `error` as an object is OpenAI's and Zhipu's form, as a text Ollama's; `message` and `detail` at the top are vLLM's.
const bodySchema = z.looseObject({
  error: z.union([detailsSchema, z.string()]).nullish().catch(null),
  message: messageSchema,
  detail: messageSchema,
  code: wordSchema,
  type: wordSchema,
  param: wordSchema,
});

/** How a provider's refusals are read. */
export interface RefusalReading {
  now: () => number;
  /** Gives a body that says its error in a form of its own that of OpenAI; others stay as they are. */
  toErrorForm: (body: unknown) => unknown;
}

/** Reads a refusal out of an answer with an error status. */
export async function readRefusal(answer: HttpAnswer, { now, toErrorForm }: RefusalReading): Promise<VendorRefusal> {
  const body = toErrorForm(await readJson(answer, { maxBytes: MAX_REFUSAL_BYTES }));
  return { ...toRefusal(body, answer.status), retryAfterSeconds: retryAfter(answer.headers['retry-after'], now) };
}

/** Reads a refusal out of a body or an event. */
export function toRefusal(body: unknown, status: number | null): VendorRefusal {
  // Google answers some refusals as a list of one.
  const parsed = bodySchema.safeParse(Array.isArray(body) ? body[0] : body);
  const fallback = status === null ? NO_REASON : `The provider answered with status ${status}.`;
  const nothing = {
    status,
    retryAfterSeconds: null,
    code: null,
    type: null,
    param: null,
    message: fallback,
    details: null,
  };
  if (!parsed.success) return nothing;
  const { error, detail, ...top } = parsed.data;
  if (typeof error === 'string') return { ...nothing, message: error };
  const { code, type, param, message } = error ?? top;
  return { ...nothing, code, type, param, message: message || detail || fallback, details: error?.details ?? null };
}

// OpenRouter says "Provider returned error", and what the provider behind it answered as a text beside it.
function wordsBehind(raw: string): string {
  if (!raw.startsWith('{')) return raw;
  const words = toRefusal(parseJson(raw), null).message;
  return words === NO_REASON ? raw : words;
}

/** The refusal without the key, which some servers repeat in their words, and no longer than people read. */
export function withoutKey(refusal: VendorRefusal, key: string | null): VendorRefusal {
  const message = key === null ? refusal.message : refusal.message.replaceAll(key, '[hidden]');
  return { ...refusal, message: message.slice(0, MAX_MESSAGE_LENGTH) };
}

/** True when an event of a stream is an error, not a chunk. */
export function isRefusal(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'error' in event && Boolean(event.error);
}

// RFC 9110, 10.2.3: seconds or a date.
function retryAfter(header: string | string[] | undefined, now: () => number): number | null {
  if (typeof header !== 'string' || header.trim() === '') return null;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : null;
}
