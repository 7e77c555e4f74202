import type { IncomingHttpHeaders } from 'node:http';

/** What a vendor's API looks like from outside: a fake of its documented wire. */
export interface VendorWire {
  /** Where its paths begin; `base_url` of the engine. */
  prefix: string;
  /** A key of the vendor's real form. */
  key: string;
  /** What the vendor answers to a wrong key; null when it is right. */
  refuseKey(headers: IncomingHttpHeaders): Refusal | null | Promise<Refusal | null>;
  /** The list of models, as `query` asks for it. */
  listModels(query: URLSearchParams): Refusal;
  /** One streamed answer. */
  play(body: Record<string, unknown>): Playback;
}

export interface Refusal {
  status: number;
  body: unknown;
}

/** SSE frames of one answer, as text. */
export interface Playback {
  begin(): string;
  /** What a delta of OpenAI's form is on this wire. */
  piece(delta: Record<string, unknown>, logprobs?: unknown): string;
  end(end: VendorEnd): string;
  /** An error in the middle. */
  fail(error: { error: unknown }): string;
}

export interface VendorEnd {
  finishReason: string | null;
  usage: Record<string, unknown>;
}

export const STANDARD_USAGE = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 };

export function frame(data: unknown, event?: string): string {
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
}

interface WireCall {
  index: number;
  id?: string;
  function: { name?: string; arguments?: string };
}

/** The tool calls of a delta in OpenAI's form. */
export function callsOf(delta: Record<string, unknown>): WireCall[] {
  return (delta['tool_calls'] ?? []) as WireCall[];
}

/** A text field of a delta; '' when it has none. */
export function textOf(delta: Record<string, unknown>, field: 'content' | 'reasoning_content'): string {
  const text = delta[field];
  return typeof text === 'string' ? text : '';
}
