import { createHash } from 'node:crypto';
import { addressKey, siteOf } from './page-address.ts';

/** Pages that begin alike for so long and have one length are one; hashing all of a large one would hold up the server. */
const COMPARED_BYTES = 512 * 1024;

/** Which pages one crawl has met: by address, by the address they want to be known by, by their bytes. */
export class KnownPages {
  readonly #addresses = new Set<string>();
  readonly #told = new Set<string>();
  readonly #bodies = new Set<string>();

  has(url: URL): boolean {
    return this.#addresses.has(addressKey(url));
  }

  /** Whether the address is met for the first time; it is known from then on. */
  add(url: URL): boolean {
    return addNew(this.#addresses, addressKey(url));
  }

  /** The same for a page's bytes: under several addresses, it is told once. */
  addBody(body: Uint8Array): boolean {
    const hash = createHash('sha256').update(body.subarray(0, COMPARED_BYTES)).digest('hex');
    return addNew(this.#bodies, `${body.length} ${hash}`);
  }

  /** The address under which a page is told: its canonical one, else its own; null when it was told already. */
  tellAs(found: URL, canonical: URL | null): URL | null {
    const isUsable = canonical !== null && siteOf(canonical) === siteOf(found);
    // Pages that all claim to be the home page are a mistake of their template.
    const isMistake = canonical?.pathname === '/' && found.pathname !== '/';
    const address = isUsable && !isMistake ? canonical : found;
    return addNew(this.#told, addressKey(address)) ? address : null;
  }
}

function addNew(set: Set<string>, key: string): boolean {
  if (set.has(key)) return false;
  set.add(key);
  return true;
}
