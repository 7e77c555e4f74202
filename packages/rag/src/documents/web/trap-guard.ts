/** Numbers, dates, hexadecimal names: what a machine counts on without end. */
const COUNTED = /\d+|\b[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b/gi;
const DATED =
  /(?:^|[/?&=_-])(?:19|20)\d\d(?:[/_-]?(?:0?[1-9]|1[0-2]))(?:[/_-]?\d{1,2})?(?:$|[/?&=_-])|\b(?:calendar|date|month|week|year|day)\b/i;
const MAX_STEPS = 15;
const MAX_PARAMETERS = 8;

/**
 * Keeps a crawl from following links that never end: calendars, counters, filters in all
 * combinations, relative links that grow. Pages of one kind may use up a part of the limit only.
 */
export class TrapGuard {
  readonly #taken = new Map<string, number>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether the page may be visited; it counts as visited then. */
  admit(url: URL): boolean {
    const steps = url.pathname.split('/').filter((step) => step !== '');
    if (steps.length > MAX_STEPS || url.searchParams.size > MAX_PARAMETERS || repeats(steps)) return false;
    return kindsOf(url, this.#limit).every(({ kind, most }) => this.#take(kind, most));
  }

  #take(kind: string, most: number): boolean {
    const count = this.#taken.get(kind) ?? 0;
    if (count >= most) return false;
    this.#taken.set(kind, count + 1);
    return true;
  }
}

interface PageKind {
  kind: string;
  /** Pages of this kind in one crawl. */
  most: number;
}

function kindsOf({ pathname, search }: URL, limit: number): PageKind[] {
  const path = pathname.replaceAll(COUNTED, '#');
  const half = Math.max(10, Math.ceil(limit / 2));
  const tenth = Math.max(5, Math.ceil(limit / 10));
  const kinds: PageKind[] = [];
  if (DATED.test(pathname + search)) kinds.push({ kind: `dated ${path}`, most: tenth });
  if (path !== pathname) kinds.push({ kind: `counted ${path}`, most: half });
  if (search !== '') kinds.push({ kind: `asked ${path}`, most: half });
  return kinds;
}

/** `/a/b/a/b/a/b`: a relative link on a page that answers at any depth. */
function repeats(steps: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const step of steps) counts.set(step, (counts.get(step) ?? 0) + 1);
  return counts.values().some((count) => count > 2);
}
