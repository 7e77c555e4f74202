import type { LlamaContextSequence, LlamaGrammarEvaluationState, Token } from 'node-llama-cpp';
import { ParleyError, type ChunkExtension } from '@parley/contracts';
import type { EngineChunk } from '../../../engine.ts';
import type { ChatModel } from '../chat-model.ts';
import { AnswerReader, type AnswerPart } from '../output/answer-reader.ts';
import type { AnswerPlan } from './answer-plan.ts';
import { toLogprobs, type LogprobEntry } from './log-probabilities.ts';
import { nextToken, type NextToken } from './next-token.ts';
import { positionSeed } from './position-seed.ts';
import { optionsAfter } from './sampling.ts';
import { TokenText } from './token-text.ts';

export interface AnswerTask {
  chat: ChatModel;
  plan: AnswerPlan;
  /** Has read the prompt but for its last slice. */
  sequence: LlamaContextSequence;
  /** Which of the answers. */
  index: number;
  signal: AbortSignal;
  /** Told of each token. */
  onToken: () => void;
}

/** Writes one answer token by token: chooses, turns into text, tells the text's parts apart. */
export class AnswerWriter {
  readonly #task: AnswerTask;
  readonly #seed: number;
  readonly #text: TokenText;
  readonly #reader: AnswerReader;
  readonly #written: Token[] = [];
  #grammar: LlamaGrammarEvaluationState | null;
  /** Of tokens whose text is held back; they go with the text. */
  #ids: number[] = [];
  #logprobs: LogprobEntry[] = [];
  #hasBegun = false;

  constructor(task: AnswerTask) {
    const { chat, plan, index } = task;
    this.#task = task;
    this.#seed = (plan.seed + index) >>> 0;
    this.#text = new TokenText(chat.weights, plan.prompt);
    this.#reader = new AnswerReader(plan);
    this.#grammar = plan.grammar && chat.grammars.begin(plan.grammar);
  }

  /** Tokens of this answer, those of its replayed beginning too. */
  get tokenCount(): number {
    return this.#written.length;
  }

  async *write(): AsyncGenerator<EngineChunk> {
    const { plan } = this.#task;
    let reason: 'stop' | 'length' | null = null;
    while (reason === null) {
      const next = await this.#next();
      if (next === null) {
        reason = 'stop';
        break;
      }
      const part = this.#reader.push(this.#text.push(next.token));
      this.#enterCall();
      if (this.#written.length > plan.replay.length) yield* this.#announce(part, next);
      if (this.#reader.isStopped) reason = 'stop';
      else if (this.#written.length >= plan.limit) reason = 'length';
    }
    yield* this.#end(reason);
  }

  /** The next token; null when the model has ended. */
  async #next(): Promise<NextToken | null> {
    const { chat, plan, sequence, signal, onToken } = this.#task;
    if (signal.aborted) throw new ParleyError('request_aborted', 'The reader left.');
    await chat.aligner.pass();
    const position = this.#written.length;
    const options = optionsAfter(plan.sampling, this.#written, positionSeed(this.#seed, position));
    const next = await nextToken(sequence, {
      unread: this.#unread,
      options: this.#grammar ? { ...options, grammarEvaluationState: this.#grammar } : options,
      replayed: plan.replay[position] ?? null,
      withProbabilities: plan.topLogprobs !== null,
    });
    if (chat.weights.isEogToken(next.token)) return null;
    this.#written.push(next.token);
    onToken();
    return next;
  }

  get #unread(): Token[] {
    const { plan, sequence } = this.#task;
    const last = this.#written.at(-1);
    return last === undefined ? plan.prompt.slice(sequence.nextTokenIndex) : [last];
  }

  // A call that was opened freely is held to its grammar from there on.
  #enterCall(): void {
    const { chat, plan } = this.#task;
    if (this.#grammar === null && plan.callGrammar && this.#reader.isAtCall) {
      this.#grammar = chat.grammars.begin(plan.callGrammar);
    }
  }

  *#announce(part: AnswerPart, next: NextToken): Generator<EngineChunk> {
    const { chat, plan } = this.#task;
    if (plan.sendsTokenIds) this.#ids.push(next.token);
    if (plan.topLogprobs !== null) this.#logprobs.push(toLogprobs(chat.weights, next, plan.topLogprobs));
    if (Object.keys(part).length > 0) yield this.#chunk(part);
  }

  *#end(reason: 'stop' | 'length'): Generator<EngineChunk> {
    // A character that the limit cut through is left out; the model's own broken one is shown.
    const rest = reason === 'length' ? {} : this.#reader.push(this.#text.flush());
    const part = joined(rest, this.#reader.flush());
    if (Object.keys(part).length > 0) yield this.#chunk(part);
    const finish = reason === 'stop' && this.#reader.hasCalls ? 'tool_calls' : reason;
    yield { index: this.#task.index, delta: {}, finish_reason: finish, usage: null };
  }

  #chunk(part: AnswerPart): EngineChunk {
    const { index, plan } = this.#task;
    const extension: ChunkExtension = {
      ...(plan.sendsTokenIds && { token_ids: this.#ids }),
      ...(plan.sendsTokenIds && !this.#hasBegun && { seed: this.#seed }),
    };
    const logprobs = plan.topLogprobs === null ? undefined : { content: this.#logprobs, refusal: null };
    this.#hasBegun = true;
    this.#ids = [];
    this.#logprobs = [];
    const chunk = { index, delta: part, finish_reason: null, usage: null };
    return { ...chunk, ...(logprobs && { logprobs }), ...(plan.sendsTokenIds && { extension }) };
  }
}

function joined(first: AnswerPart, second: AnswerPart): AnswerPart {
  const part: AnswerPart = { ...first };
  for (const field of ['content', 'reasoning_content'] as const) {
    const text = (first[field] ?? '') + (second[field] ?? '');
    if (text !== '') part[field] = text;
  }
  return part;
}
