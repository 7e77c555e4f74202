import { toSearchTerms } from '@parley/text';
import {
  createMatrix,
  multiply,
  multiplyTransposed,
  orthonormalise,
  type DenseMatrix,
  type SparseRow,
} from './sparse-matrix.ts';

const DIMENSIONS = 256;
/** Rounds of refining the subspace; more change little. */
const ROUNDS = 4;
/** Documents and terms that the space is fitted to, at most: the time grows with both. */
const MAX_FITTED = 8_000;
const MAX_TERMS = 40_000;

/**
 * Embeds texts without a trained model: latent semantic analysis (Deerwester and others, "Indexing
 * by Latent Semantic Analysis", 1990). The space of the terms is reduced to the few directions that
 * tell most about these very texts, found by subspace iteration (Halko, Martinsson and Tropp,
 * "Finding Structure with Randomness", 2011); terms that occur in the same texts come to lie near
 * each other.
 */
export class LatentSemanticModel {
  readonly #columns: ReadonlyMap<string, number>;
  /** By column. */
  readonly #idf: Float64Array;
  /** A row per term. */
  readonly #basis: DenseMatrix;

  private constructor(columns: ReadonlyMap<string, number>, idf: Float64Array, basis: DenseMatrix) {
    this.#columns = columns;
    this.#idf = idf;
    this.#basis = basis;
  }

  static fit(texts: readonly string[], random: () => number): LatentSemanticModel {
    const step = Math.max(1, texts.length / MAX_FITTED);
    const chosen = Array.from(
      { length: Math.floor(texts.length / step) },
      (_, place) => texts[Math.floor(place * step)] ?? '',
    );
    const counts = chosen.map(countTerms);
    const { columns, idf } = chooseTerms(counts);
    const rows = counts.map((terms) => toRow(terms, columns, idf));
    const dimensions = Math.min(DIMENSIONS, Math.ceil(chosen.length / 2), columns.size);
    let basis = createMatrix(columns.size, dimensions, () => random() - 0.5);
    for (let round = 0; round < ROUNDS; round += 1) {
      basis = multiplyTransposed(rows, multiply(rows, basis), columns.size);
      orthonormalise(basis);
    }
    return new LatentSemanticModel(columns, idf, basis);
  }

  get dimensions(): number {
    return this.#basis.columns;
  }

  /** Null for a text without a term that is known. */
  embed(text: string): Float32Array | null {
    const row = toRow(countTerms(text), this.#columns, this.#idf);
    const { values } = multiply([row], this.#basis);
    const length = Math.hypot(...values);
    return length > 1e-9 ? Float32Array.from(values, (value) => value / length) : null;
  }
}

function countTerms(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const term of toSearchTerms(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** Terms of more than one document; when there are too many, those of the most. */
function chooseTerms(counts: readonly ReadonlyMap<string, number>[]): {
  columns: Map<string, number>;
  idf: Float64Array;
} {
  const documents = new Map<string, number>();
  for (const terms of counts) for (const term of terms.keys()) documents.set(term, (documents.get(term) ?? 0) + 1);
  const chosen = [...documents]
    .filter(([, count]) => count > 1 || counts.length < 50)
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, MAX_TERMS);
  const idf = Float64Array.from(chosen, ([, count]) => Math.log((counts.length + 1) / count));
  return { columns: new Map(chosen.map(([term], column) => [term, column])), idf };
}

/** Of length 1. */
function toRow(terms: ReadonlyMap<string, number>, columns: ReadonlyMap<string, number>, idf: Float64Array): SparseRow {
  const places: number[] = [];
  const values: number[] = [];
  for (const [term, count] of terms) {
    const column = columns.get(term);
    if (column === undefined) continue;
    places.push(column);
    values.push((1 + Math.log(count)) * (idf[column] ?? 0));
  }
  const length = Math.hypot(...values) || 1;
  return { columns: Int32Array.from(places), values: Float64Array.from(values, (value) => value / length) };
}
