import { computed, markRaw, onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { PDFDocumentProxy, PDFPageProxy } from '../../pdf/open-pdf.ts';
import { findQuote } from '../../pdf/find-quote.ts';
import { markRectangles, type Rectangle } from '../../pdf/mark-rectangles.ts';

/** A browser gives no canvas of more pixels than this on a small device. */
const MOST_PIXELS = 12_000_000;

export interface PdfPageOptions {
  /** Where the file is answered. */
  url: string;
  /** The page that is shown first, from 1. */
  first: number;
  quote: string;
  canvas: Readonly<Ref<HTMLCanvasElement | null>>;
  /** How wide the page is shown, in CSS pixels; 0: not yet. */
  width: Readonly<Ref<number>>;
}

/** A page that is drawn: its shape, and where the quote stands on it. */
interface ShownPage {
  number: number;
  /** Height for each unit of width. */
  ratio: number;
  marks: Rectangle[];
}

/** One page of a PDF at a time, drawn as wide as there is room, with the places of a quote. */
export function usePdfPage({ url, first, quote, canvas, width }: PdfPageOptions) {
  const status = shallowRef<'loading' | 'ready' | 'error'>('loading');
  const error = shallowRef<unknown>(null);
  const document = shallowRef<PDFDocumentProxy | null>(null);
  const pages = computed(() => document.value?.numPages ?? 0);
  const page = shallowRef(first);
  const shown = shallowRef<ShownPage | null>(null);
  const leaving = new AbortController();
  let drawing = new AbortController();

  async function open(): Promise<void> {
    const { openPdf } = await import('../../pdf/open-pdf.ts');
    const opened = await openPdf(url, leaving.signal);
    page.value = await pageOfQuote(opened, Math.min(Math.max(1, first), opened.numPages), quote);
    document.value = markRaw(opened);
  }

  async function show(pdf: PDFDocumentProxy): Promise<void> {
    drawing.abort();
    const { signal } = (drawing = new AbortController());
    const number = page.value;
    const target = canvas.value;
    if (target === null || width.value === 0) return;
    const one = await pdf.getPage(number);
    if (signal.aborted) return;
    await draw(one, { canvas: target, width: width.value, signal });
    if (signal.aborted) return;
    const known = shown.value?.number === number ? shown.value : await look(one, number, quote);
    if (signal.aborted) return;
    shown.value = known;
    status.value = 'ready';
  }

  function fail(reason: unknown): void {
    if (leaving.signal.aborted || isCancelled(reason)) return;
    error.value = reason;
    status.value = 'error';
  }

  open().catch(fail);
  watch([document, page, width, canvas], ([pdf]) => void (pdf && show(pdf).catch(fail)), { flush: 'post' });
  onScopeDispose(() => {
    drawing.abort();
    leaving.abort();
  });

  return { status, error, pages, page, shown };
}

/**
 * The page to open at: the one on which the passage begins, or the next, where what it has of the
 * passage is too little to be marked.
 */
async function pageOfQuote(pdf: PDFDocumentProxy, first: number, quote: string): Promise<number> {
  const next = Math.min(first + 1, pdf.numPages);
  for (const number of [first, next]) {
    const { runs } = await quoteOn(await pdf.getPage(number), quote);
    if (runs.length > 0) return number;
  }
  return first;
}

async function quoteOn(page: PDFPageProxy, quote: string) {
  const { readItems } = await import('../../pdf/open-pdf.ts');
  const items = await readItems(page);
  const found = findQuote(
    items.map(({ str }) => str),
    quote,
  );
  return { items, runs: found.runs };
}

async function draw(
  page: PDFPageProxy,
  { canvas, width, signal }: { canvas: HTMLCanvasElement; width: number; signal: AbortSignal },
): Promise<void> {
  const { width: natural, height } = page.getViewport({ scale: 1 });
  const wanted = (width * devicePixelRatio) / natural;
  const scale = Math.min(wanted, Math.sqrt(MOST_PIXELS / (natural * height)));
  const viewport = page.getViewport({ scale });
  // Drawn beside the page that is shown, so that nothing flickers when the panel changes its width.
  const sheet = canvas.ownerDocument.createElement('canvas');
  Object.assign(sheet, { width: Math.ceil(viewport.width), height: Math.ceil(viewport.height) });
  const task = page.render({ canvas: sheet, viewport });
  signal.addEventListener('abort', () => task.cancel());
  await task.promise;
  if (signal.aborted) return;
  Object.assign(canvas, { width: sheet.width, height: sheet.height });
  canvas.getContext('2d')?.drawImage(sheet, 0, 0);
}

async function look(page: PDFPageProxy, number: number, quote: string): Promise<ShownPage> {
  const view = page.getViewport({ scale: 1 });
  const { items, runs } = await quoteOn(page, quote);
  return { number, ratio: view.height / view.width, marks: markRectangles(runs, items, view) };
}

/** A drawing that another one takes the place of. */
function isCancelled(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'RenderingCancelledException';
}
