import type { FetchedPage } from '@parley/service-kit/guarded-fetch';

/** What a page of a knowledge base may be; the reader knows what to make of it. */
const FETCHED_TYPES: readonly string[] = [
  'text/html',
  'application/xhtml+xml',
  'text/plain',
  'text/markdown',
  'text/csv',
  'text/xml',
  'application/xml',
  'application/rss+xml',
  'application/json',
  'application/gzip',
  'application/x-gzip',
  'application/pdf',
  'application/epub+zip',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
];
const FETCH_LIMITS = { maxBytes: 50 * 1024 * 1024, totalMs: 120_000 };

/** Fetches what a person names for a base: guarded, larger than a page, and patient. The guard comes with the first call. */
export function createPageFetcher(allowPrivate: boolean): (url: string, signal: AbortSignal) => Promise<FetchedPage> {
  return async (url, signal) => {
    const { guardedFetch } = await import('@parley/service-kit/guarded-fetch');
    return guardedFetch(url, { signal, allowPrivate, mediaTypes: FETCHED_TYPES, limits: FETCH_LIMITS });
  };
}
