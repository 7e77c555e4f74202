import { ParleyError } from '@parley/contracts';
import type { CrawlEvent, CrawlOptions, FetchedPage } from './crawl-events.ts';
import { KnownPages } from './known-pages.ts';
import { addressKey, siteOf } from './page-address.ts';
import { PoliteRequests } from './polite-requests.ts';
import { readSitemaps } from './read-sitemap.ts';
import { scanPage, type PageLinks } from './scan-page.ts';
import { readRobots, type SiteRobots } from './site-robots.ts';
import { TrapGuard } from './trap-guard.ts';

/** Links that are remembered; a site with more is larger than any limit. */
const MAX_QUEUE = 20_000;
/** As much of a page as its links are looked for in. */
const SCANNED_BYTES = 1_000_000;
const PAGE_TYPES = new Set(['text/html', 'application/xhtml+xml', '']);
const NO_LINKS: PageLinks = { links: [], canonical: null, isNoIndex: false, isNoFollow: false };

/**
 * The pages of a site, one at a time: breadth first from a page, or by its sitemaps. Stays on the
 * site, keeps to its `robots.txt` and to what its pages ask of robots, visits each page once. A page
 * that a person named is read whatever it asks itself; where `robots.txt` forbids it, it is
 * `url_refused`. Throws `request_aborted`; all other errors are told with their page.
 */
export async function* crawlSite(options: CrawlOptions): AsyncGenerator<CrawlEvent> {
  const { url, signal } = options;
  const start = URL.parse(url.trim());
  if (!start || !/^https?:$/.test(start.protocol)) {
    yield { url, error: new ParleyError('url_refused', `${url} is not the address of a web page.`) };
    return;
  }
  try {
    yield* new Crawl(options, start).run();
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new ParleyError('request_aborted', 'The crawl was aborted.', { cause: error });
  }
}

interface Visit {
  url: URL;
  /** Links from the page that was named. */
  depth: number;
}

class Crawl {
  readonly #options: CrawlOptions;
  readonly #start: URL;
  readonly #guard: TrapGuard;
  readonly #requests: PoliteRequests;
  readonly #known = new KnownPages();
  readonly #queue: Visit[] = [];
  /** Null for a single page, which a person named. */
  #robots: SiteRobots | null = null;
  #site: string;
  #told = 0;

  constructor(options: CrawlOptions, start: URL) {
    this.#options = options;
    this.#start = start;
    this.#start.hash = '';
    this.#site = siteOf(start);
    this.#guard = new TrapGuard(options.limit);
    this.#requests = new PoliteRequests(options);
  }

  async *run(): AsyncGenerator<CrawlEvent> {
    const { extent } = this.#options;
    if (extent !== 'page') {
      this.#robots = await readRobots(this.#start, this.#requests);
      this.#requests.pauseMs = this.#robots.delayMs;
      const { error } = this.#robots;
      if (error !== null) {
        yield { url: this.#start.href, error };
        return;
      }
    }
    yield* extent === 'sitemap' ? this.#followSitemaps() : this.#followLinks();
  }

  async *#followLinks(): AsyncGenerator<CrawlEvent> {
    const { limit } = this.#options;
    this.#known.add(this.#start);
    this.#queue.push({ url: this.#start, depth: 0 });
    // Pages that are not told (moved away, twice there, not to be kept) cost requests, too.
    const maxVisits = limit * 4 + 20;
    for (let place = 0; place < maxVisits && this.#told < limit; place += 1) {
      const visit = this.#queue[place];
      if (!visit) return;
      yield* this.#visit(visit);
    }
  }

  async *#followSitemaps(): AsyncGenerator<CrawlEvent> {
    const isSitemap = /\.xml(?:\.gz)?$/i.test(this.#start.pathname);
    const named = this.#robots?.sitemaps ?? [];
    const usual = named.length > 0 ? named : [new URL('/sitemap.xml', this.#start).href];
    for await (const url of readSitemaps(isSitemap ? [this.#start.href] : usual, this.#requests)) {
      if (siteOf(url) === this.#site && this.#known.add(url)) yield* this.#visit({ url, depth: 1 });
      if (this.#told >= this.#options.limit) return;
    }
    if (this.#told > 0) return;
    const message = `${this.#start.host} has no sitemap that names pages which may be read.`;
    yield { url: this.#start.href, error: new ParleyError('document_empty', message) };
  }

  async *#visit({ url, depth }: Visit): AsyncGenerator<CrawlEvent> {
    const isAllowed = this.#robots?.isAllowed(url) ?? true;
    if (!isAllowed && depth > 0) return;
    const event = isAllowed ? await this.#requests.fetch(url.href) : { url: url.href, error: refusedBySite(url) };
    const told = 'error' in event ? event : this.#take(event, { url, depth });
    if (!told) return;
    this.#told += 1;
    yield told;
  }

  /** Queues what the page links to, and answers it as it is to be told; null for one that is not. */
  #take(page: FetchedPage, { url, depth }: Visit): FetchedPage | null {
    const found = URL.parse(page.url) ?? url;
    if (!this.#isHere(found, { url, depth })) return null;
    const { links, canonical, isNoIndex } = PAGE_TYPES.has(page.mediaType)
      ? scanPage(textOf(page), found.href)
      : NO_LINKS;
    this.#queueLinks(links, depth + 1);
    if (isNoIndex && depth > 0) return null;
    const address = this.#known.tellAs(found, canonical);
    return address && this.#known.addBody(page.body) ? { ...page, url: address.href } : null;
  }

  /** Whether a page was found on this site, and not where another link has led already. */
  #isHere(found: URL, { url, depth }: Visit): boolean {
    // A person named an address, and where that one leads to is the site.
    if (depth === 0) this.#site = siteOf(found);
    if (siteOf(found) !== this.#site) return false;
    const isNew = this.#known.add(found);
    return isNew || depth === 0 || addressKey(found) === addressKey(url);
  }

  #queueLinks(links: readonly URL[], depth: number): void {
    if (this.#options.extent !== 'site' || depth > this.#options.depth) return;
    for (const url of links) {
      if (this.#queue.length >= MAX_QUEUE) return;
      const isNew = siteOf(url) === this.#site && !this.#known.has(url);
      if (!isNew || this.#robots?.isAllowed(url) === false || !this.#guard.admit(url)) continue;
      this.#known.add(url);
      this.#queue.push({ url, depth });
    }
  }
}

function refusedBySite(url: URL): ParleyError {
  return new ParleyError('url_refused', `${url.host} asks robots not to read this page.`);
}

/** Read loosely: only its links are looked for. */
function textOf({ body, charset }: FetchedPage): string {
  const beginning = body.subarray(0, SCANNED_BYTES);
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(beginning);
  } catch {
    return new TextDecoder().decode(beginning);
  }
}
