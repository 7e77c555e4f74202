import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { pageAddress } from './page-address.ts';
import type { PoliteRequests } from './polite-requests.ts';
import { decodeEntities } from './scan-page.ts';

/** The standard's own figure for one sitemap, unpacked. */
const MAX_BYTES = 50 * 1024 * 1024;
/** Sitemaps that are fetched for one crawl; an index names others. */
const MAX_SITEMAPS = 50;
const SLICE = 64 * 1024;
const MAX_LOCATION = 4_000;
const LOCATION = /<(?:\w+:)?loc\s*>\s*(?:<!\[CDATA\[)?([^<\]]{1,4000})/gi;

/**
 * The pages that sitemaps name, in their order; an index is followed to the sitemaps that it names.
 * Stops reading as soon as nobody asks on. A sitemap that cannot be read is skipped.
 */
export async function* readSitemaps(addresses: readonly string[], requests: PoliteRequests): AsyncGenerator<URL> {
  const queue = [...new Set(addresses)];
  const seen = new Set(queue);
  for (let place = 0; place < Math.min(queue.length, MAX_SITEMAPS); place += 1) {
    const address = queue[place] ?? '';
    const xml = await fetchSitemap(address, requests);
    const isIndex = /<(?:\w+:)?sitemapindex[\s>]/i.test(new TextDecoder().decode(xml.subarray(0, 2_000)));
    for await (const location of locationsIn(xml)) {
      const url = isIndex ? URL.parse(location, address) : pageAddress(location, address);
      if (!url) continue;
      if (!isIndex) yield url;
      else if (!seen.has(url.href) && seen.size < MAX_SITEMAPS) {
        seen.add(url.href);
        queue.push(url.href);
      }
    }
  }
}

async function fetchSitemap(address: string, requests: PoliteRequests): Promise<Uint8Array> {
  const page = await requests.fetch(address);
  return 'error' in page ? new Uint8Array() : unpacked(page.body);
}

/** A sitemap that cannot be unpacked has nothing to say. */
async function unpacked(body: Uint8Array): Promise<Uint8Array> {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  return promisify(gunzip)(body, { maxOutputLength: MAX_BYTES }).catch(() => new Uint8Array());
}

/** In slices, with a breath between them: a server has other things to do. */
async function* locationsIn(xml: Uint8Array): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for (let at = 0; at < xml.length; at += SLICE) {
    const isLast = at + SLICE >= xml.length;
    const text = rest + decoder.decode(xml.subarray(at, at + SLICE), { stream: !isLast });
    // What begins near the end may go on in the next slice, and is left to it.
    const end = isLast ? text.length : Math.max(0, text.length - MAX_LOCATION);
    for (const { index, 1: location = '' } of text.matchAll(LOCATION)) {
      if (index < end) yield decodeEntities(location.trim());
    }
    rest = text.slice(end);
    await new Promise(setImmediate);
  }
}
