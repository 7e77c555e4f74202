import type { ParleyError } from '@parley/contracts';
import { callHttp, type HttpAgent, type HttpAnswer } from '@parley/service-kit';
import { readRefusal, type RefusalReading, type VendorRefusal } from './vendor-refusal.ts';

/** One request to a provider, and how its answer is to be understood. */
export interface VendorCall extends RefusalReading {
  url: string;
  headers: Record<string, string>;
  /** Posted as JSON; a GET without it. */
  body?: unknown;
  signal: AbortSignal;
  /** Of an answer that is read whole; as much as many embeddings need when left out. */
  maxBytes?: number;
  silenceLimitMs: number;
  agent: HttpAgent;
  /** The provider's refusal as an error of the table. */
  toError: (refusal: VendorRefusal) => ParleyError;
}

/** Sends it; answers once a body with status 200 begins. Throws what `toError` makes of another status. */
export async function sendToVendor(call: VendorCall, signal: AbortSignal): Promise<HttpAnswer> {
  const { url, headers, body, agent, silenceLimitMs } = call;
  const method = body === undefined ? 'GET' : 'POST';
  const request = { url, method, headers, body, signal, agent, headersTimeoutMs: silenceLimitMs } as const;
  const answer = await callHttp(request, 'provider_failed');
  if (answer.status !== 200) throw call.toError(await readRefusal(answer, call));
  return answer;
}
