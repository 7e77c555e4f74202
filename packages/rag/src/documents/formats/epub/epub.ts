import { ParleyError } from '@parley/contracts';
import { assembleDocument } from '../assemble-document.ts';
import type { Format, ParseContext } from '../format.ts';
import { fragmentText } from '../html/fragment-text.ts';
import { createMarks, type TextMarks } from '../text-marks.ts';
import { decodeFile } from '../text/decode-file.ts';
import { refuseEntities } from '../xml/scan-xml.ts';
import { ZipPackage } from '../zip/zip-package.ts';
import { refuseProtected } from './protection.ts';
import { readBook, type Book } from './read-book.ts';
import { chapterTitles } from './chapter-titles.ts';

/** Books: a page per chapter in reading order, called as the table of contents calls it. */
export const epubFormat: Format = {
  name: 'EPUB',
  async parse(bytes, context) {
    const parts = new ZipPackage(bytes, context.limits);
    const book = readBook(parts);
    refuseProtected(parts, book.chapters);
    const marks = createMarks();
    const chapters = await readChapters(parts, { book, marks, context });
    if (chapters.length === 0) throw new ParleyError('document_empty', `${context.name} has no chapters.`);
    return assembleDocument(
      {
        mediaType: 'application/epub+zip',
        title: book.title,
        language: book.language,
        parts: chapters,
        isPaged: true,
        marks,
      },
      context,
    );
  },
};

interface Reading {
  book: Book;
  marks: TextMarks;
  context: ParseContext;
}

async function readChapters(parts: ZipPackage, { book, marks, context }: Reading): Promise<string[]> {
  const titles = chapterTitles(parts, book);
  const chapters: string[] = [];
  let room = context.limits.maxTextLength;
  for (const [place, name] of book.chapters.entries()) {
    context.progress((100 * place) / book.chapters.length);
    const bytes = parts.read(name);
    if (!bytes || room < 0) continue;
    const xhtml = decodeFile(bytes, { charset: null, isHtml: true });
    refuseEntities(xhtml.slice(0, 100_000));
    const { text } = await fragmentText(asHtml(xhtml), marks);
    if (text === '') continue;
    chapters.push(withTitle(text, titles.get(name) ?? null));
    room -= text.length;
  }
  return chapters;
}

/** HTML knows no empty elements but its own: there, `<title/>` would swallow the chapter. */
function asHtml(xhtml: string): string {
  return xhtml.replaceAll(/<(a|div|i|b|em|p|span|script|style|title|td|th|li)\b([^<>]*)\/>/gi, '<$1$2></$1>');
}

function withTitle(text: string, title: string | null): string {
  if (title === null || /^#{1,6} /.test(text)) return text;
  // What opens the chapter is its title already, only not marked as one.
  const [first = '', ...rest] = text.split('\n\n');
  return first.trim() === title ? [`# ${title}`, ...rest].join('\n\n') : `# ${title}\n\n${text}`;
}
