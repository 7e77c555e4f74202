import type { ParleyError } from '@parley/contracts';

/** A page as it was fetched; `url` is where it was found in the end. */
export interface FetchedPage {
  url: string;
  mediaType: string;
  charset: string | null;
  body: Uint8Array;
}

/** Fetches a page, redirects followed; throws `ParleyError`. The server hands in its guarded fetch. */
export type FetchPage = (url: string, signal: AbortSignal) => Promise<FetchedPage>;

/** A page that was found, or why one that should be there could not be read. */
export type CrawlEvent = FetchedPage | { url: string; error: ParleyError };

export interface CrawlOptions {
  /** The page to begin with, or a sitemap. */
  url: string;
  /** `page`: this one. `site`: also what it links to. `sitemap`: what the site's sitemap names. */
  extent: 'page' | 'site' | 'sitemap';
  /** Links to follow from the first page, for `site`. */
  depth: number;
  /** Most pages. */
  limit: number;
  fetchPage: FetchPage;
  signal: AbortSignal;
  /** Default: a clock that `signal` stops. */
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}
