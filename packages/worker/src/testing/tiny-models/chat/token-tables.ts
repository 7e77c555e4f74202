import { controlTokens, messageStarts, vocabulary } from '../byte-vocabulary.ts';
import { Matrix } from '../gguf/matrix.ts';
import { ALTERNATIVES, ANSWER, ANSWERED, COPY_STRENGTH, FLAG, MARKER, QUERY_HASH, WIDTH } from './layout.ts';
import type { Rule } from './rule.ts';
import { CODE_LENGTH, WORST_CORRELATION, tokenCodes, type Code } from './token-codes.ts';
import type { MemoryCodes } from './feed-forward.ts';

/** The codes of all tokens, how they come into the residual, and how an answer is read out of it. */
export class TokenTables implements MemoryCodes {
  readonly embeddings = new Matrix(WIDTH, vocabulary.length);
  readonly output = new Matrix(WIDTH, vocabulary.length);
  /** A code that no token has. */
  readonly blank: Code;
  private readonly codes: readonly Code[];
  private readonly alternatives = new Map<string, number>();
  private readonly sharpness: number;

  /** `gap` is by how many nats the chosen token is ahead of any other when the copy head alone speaks. */
  constructor(rules: readonly Rule[], gap: number) {
    const [blank = [], ...codes] = tokenCodes(vocabulary.length + 1);
    this.blank = blank;
    this.codes = codes.map((code, token) => (messageStarts.has(token) ? (codes[controlTokens.user] ?? code) : code));
    this.sharpness = gap / ((CODE_LENGTH - WORST_CORRELATION) * COPY_STRENGTH);
    codes.forEach((code, token) => this.fillToken(token, code));
    for (const { next } of rules) if (next.length > 1) this.addAlternatives(next);
  }

  /** <|tool|> and <|assistant|> look like <|user|>; a flag tells an answer apart where that matters. */
  codeOf(token: number): Code {
    const code = this.codes[token];
    if (!code) throw new RangeError(`There is no token ${token}.`);
    return code;
  }

  dimensionOf(alternatives: readonly number[]): number {
    const dimension = this.alternatives.get(alternatives.join());
    if (dimension === undefined) throw new RangeError('These alternatives belong to no rule.');
    return dimension;
  }

  private fillToken(token: number, code: Code): void {
    this.embeddings.setRow(token, 0, this.codeOf(token));
    const votes = code.map((sign) => this.sharpness * sign);
    this.output.setRow(token, ANSWER, votes);
    if (messageStarts.has(token)) this.embeddings.set(token, MARKER, FLAG);
    if (token === controlTokens.assistant) this.embeddings.set(token, ANSWERED, FLAG);
  }

  /** A set of alternatives has a dimension of its own; each is a little likelier than the next, so that no processor sees a tie. */
  private addAlternatives(next: readonly number[]): void {
    const key = next.join();
    if (this.alternatives.has(key)) return;
    const dimension = ALTERNATIVES + this.alternatives.size;
    if (dimension >= QUERY_HASH) throw new RangeError('There are too many sets of alternatives.');
    this.alternatives.set(key, dimension);
    next.forEach((token, place) => this.output.set(token, dimension, this.sharpness * (1 - 0.002 * place)));
  }
}
