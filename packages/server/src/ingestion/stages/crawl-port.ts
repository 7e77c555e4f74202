import type { CrawlEvent, CrawlOptions } from '@parley/rag/crawling';

/** Walks a site politely and within its bounds; handed in, because it is loaded with the first crawl. */
export type CrawlSite = (options: CrawlOptions) => AsyncIterable<CrawlEvent>;
