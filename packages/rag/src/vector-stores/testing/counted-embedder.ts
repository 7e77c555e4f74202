import { toSearchTerms } from '@parley/text';
import { ParleyError } from '@parley/contracts';
import type { EmbedTexts } from '../../models/embed-texts.ts';

/**
 * FAKE embedding model: texts that share words are near to each other. Records what it was asked;
 * from `failsAfter` texts on it fails.
 */
export class CountedEmbedder {
  readonly asked: string[] = [];
  failsAfter = Number.POSITIVE_INFINITY;
  readonly #dimensions: number;

  constructor(dimensions = 64) {
    this.#dimensions = dimensions;
  }

  readonly embed: EmbedTexts = async (texts) => {
    if (this.asked.length + texts.length > this.failsAfter) throw new ParleyError('embedding_failed', 'It is away.');
    this.asked.push(...texts);
    return texts.map((text) => this.#vectorOf(text));
  };

  #vectorOf(text: string): Float32Array {
    const vector = new Float32Array(this.#dimensions);
    vector[0] = 0.01;
    for (const term of toSearchTerms(text)) {
      const place = [...term].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7);
      vector[place % this.#dimensions] = 1;
    }
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  }
}
