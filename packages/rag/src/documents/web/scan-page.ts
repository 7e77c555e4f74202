import { pageAddress } from './page-address.ts';

/** What a page says about where to go on, and what it asks of robots. */
export interface PageLinks {
  /** Absolute addresses in the order of the page, each once; without those that ask not to be followed. */
  links: URL[];
  /** The address by which the page wants to be known. */
  canonical: URL | null;
  isNoIndex: boolean;
  isNoFollow: boolean;
}

/** As much of a page as is looked through, in characters; this runs beside everything else that a server does. */
const MAX_LENGTH = 400_000;
const MAX_LINKS = 1_000;
/** Comments and scripts: links in them are none. What is not closed reaches to the end. */
const NO_MARKUP = /<!--[\s\S]*?(?:-->|(?![\s\S]))|<(script|style|template|noscript)\b[\s\S]*?(?:<\/\1|(?![\s\S]))/gi;
const TAG = /<(a|area|base|link|meta|iframe|frame)(?=\s)([^<>]{1,4000})>/gi;
const ATTRIBUTE = /([a-z][a-z-]{0,30})\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/** Finds the links of a page without building the page; in time linear in its length. */
export function scanPage(html: string, address: string): PageLinks {
  const scan = new PageScan(address);
  const markup = html.slice(0, MAX_LENGTH).replaceAll(NO_MARKUP, ' ');
  for (const [, tag = '', attributes = ''] of markup.matchAll(TAG)) {
    scan.take(tag.toLowerCase(), readAttributes(attributes));
    if (scan.isFull) break;
  }
  return scan.result();
}

class PageScan {
  readonly #links = new Map<string, URL>();
  readonly #address: string;
  #base: string;
  #canonical: URL | null = null;
  #isNoIndex = false;
  #isNoFollow = false;

  constructor(address: string) {
    this.#address = address;
    this.#base = address;
  }

  get isFull(): boolean {
    return this.#links.size >= MAX_LINKS;
  }

  take(tag: string, attributes: ReadonlyMap<string, string>): void {
    const reference = attributes.get('href') ?? attributes.get('src');
    if (tag === 'meta') this.#takeMeta(attributes);
    else if (reference === undefined || reference.trim() === '') return;
    else if (tag === 'base') this.#base = URL.parse(reference.trim(), this.#address)?.href ?? this.#base;
    else if (tag === 'link') this.#takeLink(attributes.get('rel') ?? '', reference);
    else this.#follow(attributes.get('rel') ?? '', reference);
  }

  result(): PageLinks {
    return {
      links: this.#isNoFollow ? [] : [...this.#links.values()],
      canonical: this.#canonical,
      isNoIndex: this.#isNoIndex,
      isNoFollow: this.#isNoFollow,
    };
  }

  #takeMeta(attributes: ReadonlyMap<string, string>): void {
    if (!/^(?:robots|parleybot)$/i.test(attributes.get('name')?.trim() ?? '')) return;
    const content = attributes.get('content') ?? '';
    this.#isNoIndex ||= /\b(?:noindex|none)\b/i.test(content);
    this.#isNoFollow ||= /\b(?:nofollow|none)\b/i.test(content);
  }

  #takeLink(relation: string, reference: string): void {
    if (/\bcanonical\b/i.test(relation)) this.#canonical ??= pageAddress(reference, this.#base);
    else if (/\b(?:next|prev)\b/i.test(relation)) this.#follow(relation, reference);
  }

  #follow(relation: string, reference: string): void {
    if (/\b(?:nofollow|sponsored)\b/i.test(relation)) return;
    const url = pageAddress(reference, this.#base);
    if (url && !this.#links.has(url.href)) this.#links.set(url.href, url);
  }
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single, bare] of text.matchAll(ATTRIBUTE)) {
    const key = name.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, decodeEntities(double ?? single ?? bare ?? ''));
  }
  return attributes;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Those that stand in addresses; also in the XML of a sitemap. */
export function decodeEntities(text: string): string {
  return text.replaceAll(
    /&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,7})|#x([0-9a-f]{1,6}));/gi,
    (found, ...parts: string[]) => {
      const [name, decimal, hex] = parts;
      if (name) return ENTITIES[name.toLowerCase()] ?? found;
      const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : found;
    },
  );
}
