import { ParleyError } from '@parley/contracts';
import type { PDFDocumentProxy } from 'unpdf/pdfjs';
import { CharacterMaps } from '@parley/text';

/** The end mark of a file stands here; some programs write a little behind it. */
const TAIL_BYTES = 16 * 1024;

/** Opens a PDF for its text: nothing is fetched, no picture is decoded. Throws `ParleyError` in plain words. */
export async function openPdf(bytes: Uint8Array): Promise<PDFDocumentProxy> {
  checkWhole(bytes);
  const { getDocument } = await import('unpdf/pdfjs');
  const task = getDocument({
    data: bytes,
    verbosity: 0,
    // Pictures above this many pixels are left out: all.
    maxImageSize: 1,
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    cMapUrl: 'maps/',
    cMapPacked: false,
    BinaryDataFactory: CharacterMaps,
  });
  const document = await task.promise.catch((error: unknown) => {
    throw toPlainError(error);
  });
  if (document.numPages === 0) throw new ParleyError('document_empty', 'This PDF has no pages.');
  return document;
}

// A reader that mends what it can would give the first half of a download as if it were all of it.
function checkWhole(bytes: Uint8Array): void {
  const tail = new TextDecoder('latin1').decode(bytes.subarray(-TAIL_BYTES));
  if (tail.includes('%%EOF')) return;
  const message = 'This PDF ends in the middle: a part of the file is missing. Download or save it again.';
  throw new ParleyError('document_unreadable', message);
}

function toPlainError(cause: unknown): ParleyError {
  const name = cause instanceof Error ? cause.name : '';
  if (name === 'PasswordException') {
    const message = 'This PDF is protected by a password. Save it without one, then add it again.';
    return new ParleyError('document_encrypted', message, { cause });
  }
  return new ParleyError('document_unreadable', 'This PDF is damaged and cannot be opened.', { cause });
}
