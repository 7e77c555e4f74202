/** Parameters that say where a reader came from or who it is, not which page. */
const NO_PAGE =
  /^(?:utm_\w+|gclid|fbclid|msclkid|yclid|mc_[ce]id|spm|share_\w+|phpsessid|jsessionid|sessionid|sid|_ga|ref_src)$/i;
const SESSION_STEP = /;jsessionid=[^/]*/gi;
/** Longer ones are made by a machine that does not stop. */
const MAX_LENGTH = 1_500;
/** What is no page to read: styles, pictures, sound, programs, archives. */
const NO_TEXT =
  /\.(?:css|js|mjs|map|json|xml|rss|atom|png|jpe?g|gif|webp|avif|svg|ico|bmp|tiff?|mp[34]|m4[av]|webm|ogg|wav|mov|avi|woff2?|ttf|eot|otf|zip|gz|tgz|bz2|xz|7z|rar|tar|exe|dmg|pkg|msi|deb|rpm|apk|iso|bin|jar)$/i;

/**
 * The address of a page that a link names: absolute, without its fragment and without what only
 * follows readers. Null for what is no web page.
 */
export function pageAddress(link: string, base: string): URL | null {
  const url = URL.parse(link.trim(), base);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  if (url.href.length > MAX_LENGTH || url.username !== '' || url.password !== '') return null;
  if (NO_TEXT.test(url.pathname)) return null;
  url.hash = '';
  if (url.pathname.includes(';')) url.pathname = url.pathname.replaceAll(SESSION_STEP, '');
  // Only where there is something to drop: writing the parameters anew spells all of them in another way.
  const dropped = [...url.searchParams.keys()].filter((name) => NO_PAGE.test(name));
  for (const name of dropped) url.searchParams.delete(name);
  return url;
}

/** The same for all addresses of a page that differ in spelling only. */
export function addressKey(url: URL): string {
  const path = url.pathname.replace(/\/(?:index|default)\.(?:html?|php|aspx?|jsp)$/i, '/').replace(/(?<=.)\/$/, '');
  const parameters = [...url.searchParams].map(([name, value]) => `${name}=${value}`).toSorted();
  return `${siteOf(url)}${spelledOut(path)}?${parameters.join('&')}`;
}

/** Host and port, by which a site is told; with and without `www` it is one, as with and without TLS. */
export function siteOf(url: URL): string {
  return url.host.replace(/^www\./, '');
}

function spelledOut(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
