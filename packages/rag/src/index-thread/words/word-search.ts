import { DEFAULT_WEIGHTS, toIdf, toTermScore } from '../../lexical/bm25.ts';
import { pickBest } from '../../lexical/pick-best.ts';
import { CELL, type FieldLengths } from './cells.ts';
import { FieldShare } from './field-share.ts';
import { PostingReader } from './posting-list.ts';
import type { Segment } from './segment.ts';
import { countOf, MOST_IN_TEXT } from './term-counts.ts';

/** A segment and the first of the places that its passages have in one search of several segments. */
interface SearchedSegment {
  segment: Segment;
  first: number;
}

export interface FoundPlace {
  segment: Segment;
  place: number;
  score: number;
}

/** Scores over segments as if they were one index. Its lists are kept from search to search. */
export class WordSearch {
  #scores = new Float64Array(0);
  /** The places that have the term at hand, and its weight in each. */
  #places = new Int32Array(0);
  #weights = new Float64Array(0);
  #matching = 0;
  readonly #reader = new PostingReader();

  /** The best `limit` passages, best first; of equals the one that was added earlier. Null `allowed`: all documents. */
  search(
    segments: readonly Segment[],
    { terms, allowed, limit }: { terms: readonly string[]; allowed: ReadonlySet<number> | null; limit: number },
  ): FoundPlace[] {
    const searched = this.#layOut(segments);
    const passages = segments.reduce((sum, { live }) => sum + live, 0);
    const shares = toShares(segments, passages);
    for (const term of terms) {
      this.#matching = 0;
      for (const part of searched) this.#collect(part, { term, shares });
      this.#addScores(toIdf(passages, this.#matching));
    }
    if (allowed) this.#forget(searched, allowed);
    const length = searched.reduce((sum, { segment }) => sum + segment.cells.count, 0);
    return pickBest(this.#scores, { limit, length }).map((place) => this.#toFound(searched, place));
  }

  #layOut(segments: readonly Segment[]): SearchedSegment[] {
    let first = 0;
    const searched = segments.map((segment) => {
      const part = { segment, first };
      first += segment.cells.count;
      return part;
    });
    if (first > this.#scores.length) {
      this.#scores = new Float64Array(first * 1.25);
      this.#places = new Int32Array(first * 1.25);
      this.#weights = new Float64Array(first * 1.25);
    } else this.#scores.fill(0, 0, first);
    return searched;
  }

  #collect({ segment, first }: SearchedSegment, { term, shares }: { term: string; shares: FieldShares }): void {
    const bytes = segment.postingsOf(term);
    if (!bytes) return;
    const { count, places, counts } = this.#reader.read(bytes);
    const { values } = segment.cells;
    let matching = this.#matching;
    for (let at = 0; at < count; at += 1) {
      const place = places[at] ?? 0;
      const cell = place * CELL;
      if (values[cell] === 0) continue;
      const packed = counts[at] ?? 0;
      let weight = (packed & MOST_IN_TEXT) * shares.text.of(values[cell + 1] ?? 0);
      if (packed > MOST_IN_TEXT) {
        weight += countOf(packed, 'title') * shares.title.of(values[cell + 2] ?? 0);
        weight += countOf(packed, 'heading') * shares.heading.of(values[cell + 3] ?? 0);
      }
      this.#places[matching] = first + place;
      this.#weights[matching] = weight;
      matching += 1;
    }
    this.#matching = matching;
  }

  #addScores(idf: number): void {
    const [scores, places, weights] = [this.#scores, this.#places, this.#weights];
    for (let index = 0; index < this.#matching; index += 1) {
      const place = places[index] ?? 0;
      scores[place] = (scores[place] ?? 0) + toTermScore(idf, weights[index] ?? 0);
    }
  }

  #forget(searched: readonly SearchedSegment[], allowed: ReadonlySet<number>): void {
    for (const { segment, first } of searched) {
      const { cells } = segment;
      for (let place = 0; place < cells.count; place += 1) {
        if (this.#scores[first + place] !== 0 && !allowed.has(cells.documentAt(place))) this.#scores[first + place] = 0;
      }
    }
  }

  #toFound(searched: readonly SearchedSegment[], place: number): FoundPlace {
    const part = searched.findLast(({ first }) => first <= place);
    if (!part) throw new RangeError('There is no such place.');
    return { segment: part.segment, place: place - part.first, score: this.#scores[place] ?? 0 };
  }
}

type FieldShares = Record<keyof FieldLengths, FieldShare>;

function toShares(segments: readonly Segment[], passages: number): FieldShares {
  const shareOf = (field: keyof FieldLengths) => {
    const terms = segments.reduce((sum, { lengths }) => sum + lengths[field], 0);
    return new FieldShare(DEFAULT_WEIGHTS[field], terms / passages);
  };
  return { text: shareOf('text'), title: shareOf('title'), heading: shareOf('heading') };
}
