import { getDocument, type PDFDocumentProxy, type PDFPageProxy } from 'unpdf/pdfjs';
import { CharacterMaps } from '@parley/text';
import type { TextItem } from './mark-rectangles.ts';

// This file is the door to pdf.js, 1.6 MB: import it with the first page that is drawn.

/** Bytes that are asked for at a time, of a file that may have hundreds of megabytes. */
const RANGE_BYTES = 256 * 1024;
/** Pictures above this many pixels are left out: a page must not take the memory of the tab. */
const MOST_PIXELS = 64_000_000;

export type { PDFDocumentProxy, PDFPageProxy };

/** Opens a PDF for drawing, without what the page's security policy forbids: no WebAssembly, no worker. */
export function openPdf(url: string, signal: AbortSignal): Promise<PDFDocumentProxy> {
  const task = getDocument({
    url,
    verbosity: 0,
    rangeChunkSize: RANGE_BYTES,
    // Only the parts that the shown page needs.
    disableAutoFetch: true,
    disableStream: true,
    useWasm: false,
    useWorkerFetch: false,
    enableXfa: false,
    maxImageSize: MOST_PIXELS,
    useSystemFonts: true,
    // Where pdf.js asks for a map by name, it is made here; nothing is fetched.
    cMapUrl: 'maps/',
    cMapPacked: false,
    BinaryDataFactory: CharacterMaps,
  });
  signal.addEventListener('abort', () => void task.destroy());
  return task.promise;
}

/** The text of a page, in the order in which it is drawn. */
export async function readItems(page: PDFPageProxy): Promise<TextItem[]> {
  const { items } = await page.getTextContent();
  return items.flatMap((item) => ('str' in item ? [item] : []));
}
