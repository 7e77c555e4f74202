import { ParleyError } from '@parley/contracts';
import type { PoliteRequests } from './polite-requests.ts';

/** By this name a site's `robots.txt` may speak to Parley. */
export const USER_AGENT = 'ParleyBot';
/** As much of a `robots.txt` as is read; the standard's own figure. */
const MAX_BYTES = 500 * 1024;
const MAX_DELAY_MS = 10_000;

/** What a site asks of robots. */
export interface SiteRobots {
  isAllowed(url: URL): boolean;
  /** Milliseconds between two requests, at most ten seconds; 0 where the site does not say. */
  delayMs: number;
  /** Sitemaps that it names. */
  sitemaps: string[];
  /** Why nobody knows what it asks; then nothing is allowed. Null where it is known. */
  error: ParleyError | null;
}

type ReadRules = (
  address: string,
  text: string,
) => {
  isAllowed(url: string, userAgent: string): boolean | undefined;
  getCrawlDelay(userAgent: string): number | undefined;
  getSitemaps(): string[];
};

const NO_RULES: SiteRobots = { isAllowed: () => true, delayMs: 0, sitemaps: [], error: null };

/** Reads the `robots.txt` of a site. A site that has none allows all; one that cannot say now allows nothing. */
export async function readRobots(site: URL, requests: PoliteRequests): Promise<SiteRobots> {
  const address = new URL('/robots.txt', site).href;
  const page = await requests.fetch(address);
  if ('error' in page) return isDown(page.error) ? closed(site, page.error) : NO_RULES;
  // One that leads to another page is a page that says "not found" in its own way.
  if (!new URL(page.url).pathname.endsWith('/robots.txt')) return NO_RULES;
  return parseRobots(address, new TextDecoder().decode(page.body.subarray(0, MAX_BYTES)));
}

/** RFC 9309, 2.3.1.4: the server or the way to it failed, which says nothing about its rules. */
function isDown({ code, answeredStatus }: ParleyError): boolean {
  return code === 'url_unreachable' && (answeredStatus === null || answeredStatus >= 500);
}

function closed(site: URL, cause: ParleyError): SiteRobots {
  const message = `${site.host} cannot say now what robots may read, so nothing of it is read: ${cause.message}`;
  const error = new ParleyError('url_unreachable', message, { cause });
  return { isAllowed: () => false, delayMs: 0, sitemaps: [], error };
}

async function parseRobots(address: string, text: string): Promise<SiteRobots> {
  // Its types speak of a module of another kind than it is.
  const module = (await import('robots-parser')) as unknown as { default: ReadRules };
  const rules = module.default(address, text);
  const seconds = rules.getCrawlDelay(USER_AGENT) ?? 0;
  return {
    isAllowed(url) {
      // The rules speak of one spelling of the host; with `www` and TLS or without, it is the same site.
      return rules.isAllowed(new URL(url.pathname + url.search, address).href, USER_AGENT) !== false;
    },
    delayMs: Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, MAX_DELAY_MS) : 0,
    sitemaps: rules.getSitemaps(),
    error: null,
  };
}
