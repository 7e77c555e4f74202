import { LlamaGrammarEvaluationState, type Llama, type LlamaGrammar, type LlamaModel } from 'node-llama-cpp';
import { ParleyError } from '@parley/contracts';

const MOST = 16;

/** Grammars that were read already; reading one takes longer than writing a few tokens. */
export class GrammarStore {
  readonly #llama: Llama;
  readonly #weights: LlamaModel;
  // A Map keeps the order of use: what was used longest ago stands first.
  readonly #known = new Map<string, LlamaGrammar>();

  constructor(llama: Llama, weights: LlamaModel) {
    this.#llama = llama;
    this.#weights = weights;
  }

  /** Throws `invalid_request` for a grammar that llama.cpp does not take. */
  async read(text: string): Promise<LlamaGrammar> {
    const grammar = this.#known.get(text) ?? (await this.#create(text));
    this.#known.delete(text);
    this.#known.set(text, grammar);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
    return grammar;
  }

  /** Where an answer under this grammar begins; of use for one answer. */
  begin(grammar: LlamaGrammar): LlamaGrammarEvaluationState {
    return new LlamaGrammarEvaluationState({ model: this.#weights, grammar });
  }

  async #create(grammar: string): Promise<LlamaGrammar> {
    try {
      return await this.#llama.createGrammar({ grammar });
    } catch (error) {
      throw new ParleyError('invalid_request', 'The JSON schema is too much for a grammar; make it simpler.', {
        cause: error,
      });
    }
  }
}
