import { ParleyError, type DocumentFlag } from '@parley/contracts';
import { detectLanguage } from '@parley/text';
import type { PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs';
import type { ParsedDocument } from '../../parsing/reader-events.ts';
import type { Format, ParseContext } from '../formats/format.ts';
import { documentTitle } from './document-title.ts';
import { openPdf } from './open-pdf.ts';
import { toBlocks, type Block } from './page-blocks.ts';
import type { PageContent, Word } from './page-content.ts';
import { createPageTools } from './page-tools.ts';
import { tracePage, type PageTools } from './trace-page.ts';
import { writeText } from './write-text.ts';

/** Share of the letters of a scanned page that are its recognised text: laid over the picture, invisible by design. */
const RECOGNISED_SHARE = 0.9;
/** Letters on a page that nobody sees; fewer say nothing, in Chinese neither. */
const MIN_HIDDEN = 6;

interface ReadPages {
  pages: { number: number; blocks: Block[] }[];
  /** Pages that show a picture and have no text. */
  scanned: number;
  isCutOff: boolean;
}

/** PDF: text in reading order, with columns, headings, tables, and what is hidden on the pages. */
export const pdfFormat: Format = {
  name: 'PDF',
  async parse(bytes: Uint8Array, context: ParseContext): Promise<ParsedDocument> {
    const document = await openPdf(bytes);
    try {
      return await parseDocument(document, context);
    } finally {
      await document.loadingTask.destroy();
    }
  },
};

async function parseDocument(document: PDFDocumentProxy, context: ParseContext): Promise<ParsedDocument> {
  const { pages, scanned, isCutOff } = await readPages(document, context);
  const { text, pages: starts, flaggedSpans } = writeText(pages);
  if (text.trim() === '') throw nothingToRead(scanned);
  const flags: DocumentFlag[] = [];
  if (scanned > 0) flags.push('no-text-layer');
  if (isCutOff) flags.push('cut-off');
  const title = documentTitle(text, { info: await document.getMetadata(), name: context.name });
  const mediaType = 'application/pdf';
  return { title, language: detectLanguage(text), mediaType, text, pages: starts, flags, flaggedSpans };
}

async function readPages(document: PDFDocumentProxy, context: ParseContext): Promise<ReadPages> {
  const tools = await createPageTools(document);
  const read: ReadPages = { pages: [], scanned: 0, isCutOff: false };
  let letters = 0;
  for (let number = 1; number <= document.numPages && !read.isCutOff; number += 1) {
    const page = await readPage(document, { number, tools });
    letters += lettersOf(page.words);
    if (page.words.length === 0 && page.isPicture) read.scanned += 1;
    read.pages.push({ number, blocks: toBlocks(page) });
    read.isCutOff = letters > context.limits.maxTextLength && number < document.numPages;
    context.progress((100 * number) / document.numPages);
  }
  return read;
}

async function readPage(
  document: PDFDocumentProxy,
  { number, tools }: { number: number; tools: (page: PDFPageProxy) => PageTools },
): Promise<PageContent> {
  try {
    const page = await document.getPage(number);
    const traced = await tracePage(page, tools);
    page.cleanup();
    return { number, ...traced, words: withoutFalseAlarms(traced.words, traced.isPicture) };
  } catch (cause) {
    throw new ParleyError('document_unreadable', `Page ${number} of this PDF is damaged.`, { cause });
  }
}

/**
 * Text recognition puts its text, invisible, over the picture of the page: that is the page's text.
 * A few letters that cannot be seen are an accident (the end of a long line), and no message.
 */
function withoutFalseAlarms(words: Word[], isPicture: boolean): Word[] {
  const invisible = lettersOf(words.filter(({ hidden }) => hidden === 'invisible'));
  const isRecognised = isPicture && invisible >= lettersOf(words) * RECOGNISED_SHARE;
  const isAccident = lettersOf(words.filter(({ hidden }) => hidden !== null)) < MIN_HIDDEN;
  return words.map((word) =>
    isAccident || (isRecognised && word.hidden === 'invisible') ? { ...word, hidden: null } : word,
  );
}

function lettersOf(words: readonly Word[]): number {
  return words.reduce((sum, { text }) => sum + text.length, 0);
}

function nothingToRead(scanned: number): ParleyError {
  const reason =
    scanned > 0
      ? 'This PDF has no text, only pictures of pages: it was probably scanned. Run text recognition (OCR) on it first.'
      : 'There is no text in this PDF; if it shows some, it was probably scanned. Run text recognition (OCR) on it first.';
  return new ParleyError('document_empty', reason);
}
