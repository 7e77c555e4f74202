export type { CrawlEvent, CrawlOptions, FetchedPage, FetchPage } from './crawl-events.ts';
export { crawlSite } from './crawl-site.ts';
export { USER_AGENT } from './site-robots.ts';
