import { detectLanguage } from '@parley/text';
import { findTitle } from '../documents/split-markdown.ts';
import { toChunks } from '../documents/to-chunks.ts';
import { Bm25Index } from '../lexical/bm25-index.ts';
import type { PassageIndex, ScoredChunk } from '../retrieval/passage-index.ts';

/** A page as its owner reads it from disk. */
export interface GuidePage {
  id: string;
  path: string;
  /** `en` or `zh`. */
  language: string;
  text: string;
}

/** A page as it can be listed and opened. */
export interface GuideDocument extends GuidePage {
  title: string;
}

/** Another language is searched instead when its best passage is so many times better. */
const CLEARLY_BETTER = 2;

/**
 * The user guide as a built-in knowledge base: pages in, searchable passages out. Nothing is read
 * from disk here. A search answers in the language of the question, unless nothing in it fits and
 * another language fits clearly better.
 */
export class GuideLibrary implements PassageIndex {
  readonly #documents: ReadonlyMap<string, GuideDocument>;
  readonly #indexes: ReadonlyMap<string, PassageIndex>;

  constructor(pages: readonly GuidePage[]) {
    const documents = pages.map((page) => ({ ...page, title: findTitle(page.text) ?? page.path }));
    this.#documents = new Map(documents.map((document) => [document.id, document]));
    const byLanguage = Map.groupBy(documents, ({ language }) => language);
    this.#indexes = new Map(
      [...byLanguage].map(([language, some]) => [language, new Bm25Index(some.flatMap((page) => toChunks(page)))]),
    );
  }

  /** All pages, in the order given. */
  list(): GuideDocument[] {
    return [...this.#documents.values()];
  }

  /** A page by its id, or null. */
  find(id: string): GuideDocument | null {
    return this.#documents.get(id) ?? null;
  }

  /** The stored text of a page, for checking citations. */
  readonly readText = (id: string): string | null => this.find(id)?.text ?? null;

  async search(query: string, { limit }: { limit: number }): Promise<ScoredChunk[]> {
    const own = detectLanguage(query);
    let best: ScoredChunk[] = (await this.#indexes.get(own)?.search(query, { limit })) ?? [];
    for (const [language, index] of this.#indexes) {
      if (language === own) continue;
      const others = await index.search(query, { limit });
      if (topScore(others) > topScore(best) * CLEARLY_BETTER) best = others;
    }
    return best;
  }
}

function topScore(found: readonly ScoredChunk[]): number {
  return found[0]?.score ?? 0;
}
