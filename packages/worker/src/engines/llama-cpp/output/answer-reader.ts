import type { ToolFormat } from '../grammar/tool-format.ts';
import { findMark } from './find-mark.ts';
import { ToolCallReader, type ToolCallDelta } from './tool-call-reader.ts';

const THINK = '<think>';
const THINK_END = '</think>';

export interface AnswerReaderOptions {
  stops: readonly string[];
  /** How calls are written; null when nothing can be called. */
  tools: ToolFormat | null;
  /** The prompt has opened a thought already. */
  startsThinking: boolean;
}

/** What a piece of text adds to the answer. */
export type AnswerPart = {
  content?: string;
  reasoning_content?: string;
  tool_calls?: ToolCallDelta[];
};

/**
 * Tells thoughts, text, calls and stop strings apart, however the text comes in pieces. What may
 * become a mark is held back until it is decided.
 */
export class AnswerReader {
  readonly #options: AnswerReaderOptions;
  #mode: 'start' | 'thinking' | 'text' | 'call' | 'stopped';
  #held = '';
  #call: ToolCallReader | null = null;
  #calls = 0;
  /** The space between a thought and the text is part of neither. */
  #skipsSpace = false;
  #part: AnswerPart = {};

  constructor(options: AnswerReaderOptions) {
    this.#options = options;
    this.#mode = options.startsThinking ? 'thinking' : 'start';
  }

  get isStopped(): boolean {
    return this.#mode === 'stopped';
  }

  get hasCalls(): boolean {
    return this.#calls > 0;
  }

  /** True right after a call was opened: from here on its grammar holds. */
  get isAtCall(): boolean {
    return this.#mode === 'call' && this.#call !== null && this.#call.leftover.trim() === this.#callStart;
  }

  push(text: string): AnswerPart {
    this.#part = {};
    this.#held += text;
    while (this.#step()) {
      // Each turn decides one mark.
    }
    return this.#part;
  }

  /** What was held back, at the end of the answer. */
  flush(): AnswerPart {
    this.#part = {};
    if (this.#mode === 'start') {
      this.#mode = 'text';
      this.#readText();
    }
    const rest = this.#held;
    this.#held = '';
    if (this.#mode === 'thinking') this.#say('reasoning_content', rest);
    else if (this.#mode === 'call') this.#say('content', this.#call?.leftover ?? '');
    else if (this.#mode !== 'stopped') this.#say('content', rest);
    return this.#part;
  }

  get #callStart(): string {
    const open = this.#options.tools?.open ?? '';
    return open.startsWith('{') ? open : '';
  }

  /** Works on what is held; true when a mark was passed and more may follow. */
  #step(): boolean {
    if (this.#mode === 'stopped') return false;
    if (this.#mode === 'start') return this.#start();
    if (this.#mode === 'thinking') return this.#think();
    return this.#mode === 'call' ? this.#readCall() : this.#readText();
  }

  #start(): boolean {
    const text = this.#held.trimStart();
    // Space may come before a thought, but not without an end: a model may write nothing else.
    const isStop = text === '' && findMark(this.#held, this.#options.stops).mark !== null;
    if (THINK.startsWith(text) && !isStop) return false;
    const isThought = text.startsWith(THINK);
    if (isThought) this.#held = text.slice(THINK.length);
    this.#mode = isThought ? 'thinking' : 'text';
    return true;
  }

  #think(): boolean {
    const found = findMark(this.#held, [THINK_END]);
    this.#say('reasoning_content', found.before);
    this.#held = found.mark === null ? found.held : found.after;
    if (found.mark === null) return false;
    this.#mode = 'text';
    this.#skipsSpace = true;
    return true;
  }

  #readText(): boolean {
    const { stops, tools } = this.#options;
    if (this.#skipsSpace) this.#held = this.#held.trimStart();
    if (this.#held === '') return false;
    this.#skipsSpace = false;
    const found = findMark(this.#held, tools === null ? stops : [...stops, tools.open]);
    // Blank lines between two calls are no text.
    if (!(this.hasCalls && found.before.trim() === '')) this.#say('content', found.before);
    this.#held = found.mark === null ? found.held : found.after;
    if (found.mark === null) return false;
    if (tools === null || found.mark !== tools.open) {
      this.#mode = 'stopped';
      return false;
    }
    this.#mode = 'call';
    this.#call = new ToolCallReader(this.#calls, tools);
    return true;
  }

  #readCall(): boolean {
    const { deltas, rest } = this.#call?.push(this.#held) ?? { deltas: [], rest: '' };
    this.#held = '';
    if (deltas.length > 0) {
      this.#part.tool_calls = [...(this.#part.tool_calls ?? []), ...deltas];
      this.#calls = (deltas[0]?.index ?? 0) + 1;
    }
    if (rest === null) return false;
    this.#held = rest;
    this.#call = null;
    this.#mode = 'text';
    return rest !== '';
  }

  #say(field: 'content' | 'reasoning_content', text: string): void {
    if (text !== '') this.#part[field] = (this.#part[field] ?? '') + text;
  }
}
