import { randomUUID } from 'node:crypto';
import type { ToolFormat } from '../grammar/tool-format.ts';
import { JsonEnd } from './json-end.ts';

/** A part of OpenAI's `delta.tool_calls`. */
export interface ToolCallDelta {
  index: number;
  id?: string;
  type?: 'function';
  function: { name?: string; arguments: string };
}

const HEAD = /^\s*\{\s*"name"\s*:\s*("(?:[^"\\]|\\.)*")\s*,\s*"(?:arguments|parameters)"\s*:\s*/;

/** Reads one call as it is written: its head as soon as the name is there, then its arguments piece by piece. */
export class ToolCallReader {
  readonly #index: number;
  readonly #format: ToolFormat;
  #text: string;
  #arguments: JsonEnd | null = null;

  constructor(index: number, format: ToolFormat) {
    this.#index = index;
    this.#format = format;
    // Where the mark is the beginning of the JSON text, it belongs to it.
    this.#text = format.open.startsWith('{') ? format.open : '';
  }

  /** What the call gains; `rest` is what follows on it once it has ended, null before. */
  push(text: string): { deltas: ToolCallDelta[]; rest: string | null } {
    this.#text += text;
    const deltas: ToolCallDelta[] = [];
    if (this.#arguments === null) {
      const head = HEAD.exec(this.#text);
      if (head === null) return { deltas, rest: null };
      this.#text = this.#text.slice(head[0].length);
      this.#arguments = new JsonEnd();
      deltas.push(this.#head(head[1] ?? '""'));
    }
    if (!this.#arguments.hasBegun) this.#text = this.#text.trimStart();
    const written = this.#arguments.take(this.#text);
    this.#text = this.#text.slice(written.length);
    if (written !== '') deltas.push({ index: this.#index, function: { arguments: written } });
    return { deltas, rest: this.#arguments.isReached ? this.#afterClose() : null };
  }

  /** The text of what began like a call and is none. */
  get leftover(): string {
    return this.#arguments === null ? this.#text : '';
  }

  #afterClose(): string | null {
    const { close } = this.#format;
    const place = close === '' ? this.#text.indexOf('}') : this.#text.indexOf(close);
    return place === -1 ? null : this.#text.slice(place + Math.max(1, close.length));
  }

  #head(name: string): ToolCallDelta {
    const id = `call_${randomUUID().replaceAll('-', '')}`;
    return { index: this.#index, id, type: 'function', function: { name: unquoted(name), arguments: '' } };
  }
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
