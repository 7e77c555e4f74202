import type { PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs';
import { NO_FONT, type PageFont } from './graphics-state.ts';
import type { PageTools } from './trace-page.ts';

/** A font as pdf.js hands it over; loose, as it is no documented type. */
interface FontObject {
  name?: unknown;
  bold?: unknown;
  black?: unknown;
  vertical?: unknown;
  fontMatrix?: unknown;
}

const BOLD_NAME = /bold|black|heavy|semibold|-?(?:demi)|simhei|heiti|黑体/i;

/** What a page is traced with, for all pages of one document. */
export async function createPageTools(document: PDFDocumentProxy): Promise<(page: PDFPageProxy) => PageTools> {
  const { OPS } = await import('unpdf/pdfjs');
  const layers = await document.getOptionalContentConfig();
  const names = new Map(Object.entries(OPS).map(([name, code]) => [code, name]));
  const isShown = (layer: unknown) => layers.isVisible(layer) !== false;
  return (page) => {
    const fonts = new Map<string, PageFont>();
    const fontOf = (name: string) => {
      const font = fonts.get(name) ?? readFont(page, name);
      fonts.set(name, font);
      return font;
    };
    return { names, fontOf, isShown };
  };
}

function readFont(page: PDFPageProxy, name: string): PageFont {
  if (!page.commonObjs.has(name)) return NO_FONT;
  const font: FontObject = page.commonObjs.get(name) ?? {};
  const isNamedBold = typeof font.name === 'string' && BOLD_NAME.test(font.name);
  return {
    isBold: font.bold === true || font.black === true || isNamedBold,
    isVertical: font.vertical === true,
    scale: scaleOf(font),
  };
}

function scaleOf({ fontMatrix }: FontObject): number {
  const scale = Array.isArray(fontMatrix) ? Number(fontMatrix[0]) : 0;
  return Number.isFinite(scale) && scale !== 0 ? scale : NO_FONT.scale;
}
