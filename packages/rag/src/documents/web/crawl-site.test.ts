import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import type { CrawlOptions } from './crawl-events.ts';
import { crawlSite } from './crawl-site.ts';
import { fetchFromSite } from './testing/fetch-from-site.ts';
import { SiteServer, type SiteAnswer } from './testing/site-server.ts';

const sites: SiteServer[] = [];
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.close()));
});

async function siteOf(pages: Record<string, SiteAnswer>): Promise<SiteServer> {
  const site = await new SiteServer(pages).start();
  sites.push(site);
  return site;
}

const waits: number[] = [];
const wait = async (milliseconds: number) => void waits.push(milliseconds);

/** Paths that were told; those that failed with their code. */
async function crawl(site: SiteServer, options: Partial<CrawlOptions> = {}, start = '/') {
  waits.length = 0;
  const told: string[] = [];
  const all: CrawlOptions = {
    url: site.address + start,
    extent: 'site',
    depth: 3,
    limit: 50,
    fetchPage: fetchFromSite,
    signal: new AbortController().signal,
    wait,
    ...options,
  };
  for await (const event of crawlSite(all)) {
    const path = event.url.replace(site.address, '');
    told.push('error' in event ? `${path} ${event.error.code}` : path);
  }
  return told;
}

const links = (...paths: string[]) => paths.map((path) => `<a href="${path}">x</a>`).join(' ');

it('reads a site breadth first, each page once, and stays on it', async () => {
  const site = await siteOf({
    '/': `<p>Start</p>${links('/a', 'b.html#part', '/a?utm_source=mail', 'https://example.com/', 'mailto:x@y.z', '/style.css')}`,
    '/a': `<p>A</p>${links('/c', '/', '/a/')}`,
    '/b.html': `<p>B</p>${links('/中文', '/gone')}`,
    '/c': `<p>C</p>${links('/d')}`,
    '/%E4%B8%AD%E6%96%87': '<p>中文</p>',
    '/d': `<p>D</p>${links('/e')}`,
    '/e': '<p>E</p>',
  });
  expect(await crawl(site)).toEqual(['/', '/a', '/b.html', '/c', '/%E4%B8%AD%E6%96%87', '/gone url_unreachable', '/d']);
  expect(site.asked).toHaveLength(8);
});

it('reads one page only when that is asked for, whatever robots.txt says', async () => {
  const site = await siteOf({
    '/robots.txt': 'User-agent: *\nDisallow: /',
    '/': `<p>Start</p>${links('/a')}`,
    '/a': 'A',
  });
  expect(await crawl(site, { extent: 'page' })).toEqual(['/']);
  expect(site.asked).toEqual(['/']);
});

it('keeps to robots.txt, and pauses as long as it asks', async () => {
  const site = await siteOf({
    '/robots.txt': {
      body: 'User-agent: *\nDisallow: /\n\nUser-agent: ParleyBot\nDisallow: /secret\nCrawl-delay: 3',
      type: 'text/plain',
    },
    '/': `Start ${links('/secret/a', '/open')}`,
    '/open': 'Open',
  });
  expect(await crawl(site)).toEqual(['/', '/open']);
  expect(waits).toEqual([3_000, 3_000]);
  expect(await crawl(site, {}, '/secret/a')).toEqual(['/secret/a url_refused']);
});

it('reads nothing of a site that cannot say what robots may read, and says why', async () => {
  const pages = { '/': `Start ${links('/a')}`, '/a': 'A', '/sitemap.xml': '<urlset></urlset>' };
  const down = await siteOf({ ...pages, '/robots.txt': { body: 'down', status: 503 } });
  expect(await crawl(down)).toEqual(['/ url_unreachable']);
  expect(await crawl(down, { extent: 'sitemap' })).toEqual(['/ url_unreachable']);
  expect(down.asked).toEqual(['/robots.txt', '/robots.txt']);
  const secret = await siteOf({ ...pages, '/robots.txt': { body: 'go away', status: 403 } });
  expect(await crawl(secret)).toEqual(['/', '/a']);
});

it('never pauses longer than ten seconds, nor shorter than half a second', async () => {
  const pages = { '/': 'Start' };
  await crawl(
    await siteOf({ ...pages, '/robots.txt': { body: 'User-agent: *\nCrawl-delay: 86400', type: 'text/plain' } }),
  );
  expect(waits).toEqual([10_000]);
  await crawl(await siteOf(pages));
  expect(waits).toEqual([500]);
});

it('leaves out what pages ask robots to leave out', async () => {
  const site = await siteOf({
    '/': `<meta name="robots" content="noindex">Start ${links('/no-index', '/no-follow')} <a rel="nofollow" href="/private">x</a>`,
    '/no-index': `<META CONTENT='NOINDEX, follow' NAME=ROBOTS>x ${links('/behind')}`,
    '/no-follow': `<meta name="parleybot" content="nofollow">y ${links('/private')}`,
    '/behind': 'Behind',
    '/private': 'Private',
  });
  expect(await crawl(site)).toEqual(['/', '/no-follow', '/behind']);
});

it('tells a page under its canonical address, once', async () => {
  const page = (text: string) => `<link rel="canonical" href="/product">${text}`;
  const site = await siteOf({
    '/': `Start ${links('/product?color=red', '/product?color=blue', '/product', '/home-1', '/home-2', '/copy-1', '/copy-2')}`,
    '/product': page('Product'),
    '/product?color=red': page('Red product'),
    '/product?color=blue': page('Blue product'),
    '/home-1': '<link rel="canonical" href="/">One',
    '/home-2': '<link rel="canonical" href="/">Two',
    '/copy-1': 'Same',
    '/copy-2': 'Same',
  });
  expect(await crawl(site)).toEqual(['/', '/product', '/home-1', '/home-2', '/copy-1']);
});

it('follows the first redirect to another site, and skips later ones', async () => {
  const other = await siteOf({ '/': `There ${links('/a')}`, '/a': 'A' });
  const site = await siteOf({
    '/': `Start ${links('/away', '/moved', '/kept')}`,
    '/away': { to: `${other.address}/a` },
    '/moved': { to: '/kept' },
    '/kept': 'Kept',
    '/old': { to: `${other.address}/` },
  });
  expect(await crawl(site)).toEqual(['/', '/kept']);
  expect(await crawl(site, {}, '/old')).toEqual([`${other.address}/`, `${other.address}/a`]);
});

it('is not held by a calendar without end', async () => {
  const site = await siteOf({
    '/': `Start ${links('/calendar/2024/01', '/about', '/news')}`,
    '/about': 'About',
    '/news': 'News',
    '/calendar/': ({ pathname }) => {
      const [year = 0, month = 0] = pathname.split('/').slice(2).map(Number);
      const next = month === 12 ? `${year + 1}/01` : `${year}/${String(month + 1).padStart(2, '0')}`;
      return `Month ${pathname} ${links(`/calendar/${next}`)}`;
    },
  });
  const told = await crawl(site, { depth: 1_000 });
  expect(told.slice(0, 4)).toEqual(['/', '/calendar/2024/01', '/about', '/news']);
  expect(told).toHaveLength(8);
});

it.each([
  ['counters', '/page/', (at: number) => `/page/${at}`],
  ['parameters', '/list', (at: number) => `/list?offset=${at}&sort=${at % 7}`],
  ['growing paths', '/x/', (at: number) => `/x/${'a/b/'.repeat(at)}`],
])('leaves room beside %s without end', async (_, prefix, path) => {
  let count = 0;
  const site = await siteOf({
    '/': `Start ${links(path(0))}`,
    [prefix]: () => `Text ${(count += 1)} ${links(path(count))}`,
  });
  expect((await crawl(site, { depth: 1_000, limit: 30 })).length).toBeLessThanOrEqual(17);
});

it('stops at the limit, also of pages that are not told', async () => {
  const many = Array.from({ length: 300 }, (_, place) => `/${String.fromCodePoint(0x4e00 + place)}`);
  const site = await siteOf({ '/': `Start ${links(...many)}`, '/%': () => '<meta name="robots" content="noindex">x' });
  expect(await crawl(site, { limit: 5 })).toEqual(['/']);
  expect(site.asked.length).toBeLessThan(50);
});

const urlset = (...urls: string[]) =>
  `<?xml version="1.0"?><urlset>${urls.map((url) => `<url><loc> ${url} </loc></url>`).join('')}</urlset>`;

it('reads what sitemaps name: an index, packed ones, those in robots.txt', async () => {
  const pages: Record<string, SiteAnswer> = { '/a': 'A', '/b': 'B', '/c': `C ${links('/d')}`, '/d': 'D' };
  const site = await siteOf(pages);
  const at = (path: string) => site.address + path;
  pages['/robots.txt'] = { body: `Sitemap: ${at('/index.xml')}\nUser-agent: *\nDisallow: /b`, type: 'text/plain' };
  pages['/index.xml'] =
    `<sitemapindex><sitemap><loc>${at('/one.xml')}</loc></sitemap><sitemap><loc>${at('/two.xml.gz')}</loc></sitemap><sitemap><loc>${at('/index.xml')}</loc></sitemap><sitemap><loc>${at('/none.xml')}</loc></sitemap></sitemapindex>`;
  pages['/one.xml'] = urlset(at('/a'), at('/b'), 'https://example.com/x', at('/a#twice'));
  pages['/two.xml.gz'] = { body: gzipSync(urlset(`<![CDATA[${at('/c?x=1&amp;y=2')}]]>`)), type: 'application/gzip' };
  expect(await crawl(site, { extent: 'sitemap' })).toEqual(['/a', '/c?x=1&y=2']);
  expect(await crawl(site, { extent: 'sitemap', limit: 1 }, '/two.xml.gz')).toEqual(['/c?x=1&y=2']);
});

it('finds each page of a large sitemap once, also where it is read in slices', async () => {
  const pages: Record<string, SiteAnswer> = { '/': ({ pathname }) => `Text of ${pathname}` };
  const site = await siteOf(pages);
  const name = (place: number) => `/${'长'.repeat(40)}${String.fromCodePoint(0x4e00 + place)}`;
  const paths = Array.from({ length: 900 }, (_, place) => name(place));
  pages['/sitemap.xml'] = { body: urlset(...paths.map((path) => site.address + path)), type: 'application/xml' };
  const told = await crawl(site, { extent: 'sitemap', limit: 1_000 });
  expect(told).toEqual(paths.map((path) => encodeURI(path)));
});

it('says so when a site has no sitemap, or one that is none', async () => {
  expect(await crawl(await siteOf({ '/': 'Start' }), { extent: 'sitemap' })).toEqual(['/ document_empty']);
  const bomb = gzipSync(Buffer.alloc(60 * 1024 * 1024));
  const site = await siteOf({ '/sitemap.xml': { body: bomb, type: 'application/gzip' } });
  expect(await crawl(site, { extent: 'sitemap' })).toEqual(['/ document_empty']);
});

it('ends at once when it is aborted, also in a pause', async () => {
  const site = await siteOf({ '/': `Start ${links('/a')}`, '/a': 'A' });
  const abort = new AbortController();
  const asleep = (_: number, signal: AbortSignal) =>
    new Promise<void>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      abort.abort();
    });
  await expect(crawl(site, { signal: abort.signal, wait: asleep })).rejects.toMatchObject({ code: 'request_aborted' });
  expect(site.asked).toEqual(['/robots.txt']);
});

it('refuses what is no address of a page', async () => {
  const site = await siteOf({});
  expect(await crawl(site, { url: 'file:///etc/passwd' })).toEqual(['file:///etc/passwd url_refused']);
});
