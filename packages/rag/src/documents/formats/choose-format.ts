import { pdfFormat } from '../pdf/index.ts';
import { emailFormat } from './email/email.ts';
import { epubFormat } from './epub/epub.ts';
import type { FileToRead, Format } from './format.ts';
import { htmlFormat } from './html/html.ts';
import { jsonFormat, jsonLinesFormat } from './json/json.ts';
import { odtFormat } from './odt/odt.ts';
import { emptyFile, oleFile, rtfFile } from './refusals.ts';
import { xlsxFormat } from './sheets/xlsx.ts';
import { pptxFormat } from './slides/pptx.ts';
import { looksLikeHtml, looksLikeText, sniffBytes } from './sniff-bytes.ts';
import { csvFormat } from './tables/csv.ts';
import { languageOf } from './text/code-languages.ts';
import { markdownFormat } from './text/markdown.ts';
import { plainTextFormat } from './text/plain-text.ts';
import { sourceCodeFormat } from './text/source-code.ts';
import { docxFormat } from './word/docx.ts';
import { zipKind } from './zip/zip-kind.ts';

type TextFormat = (charset: string | null) => Format;

const TEXT_FORMATS: Record<string, TextFormat> = {
  csv: (charset) => csvFormat('csv', charset),
  eml: () => emailFormat,
  html: htmlFormat,
  json: jsonFormat,
  jsonl: jsonLinesFormat,
  md: markdownFormat,
  tsv: (charset) => csvFormat('tsv', charset),
  txt: plainTextFormat,
};

/** Other extensions of the same. */
const ALIASES: Record<string, string> = {
  geojson: 'json',
  htm: 'html',
  ipynb: 'json',
  jsonlines: 'jsonl',
  markdown: 'md',
  mdown: 'md',
  mdx: 'md',
  mht: 'eml',
  mhtml: 'eml',
  mkd: 'md',
  ndjson: 'jsonl',
  shtml: 'html',
  tab: 'tsv',
  text: 'txt',
  xht: 'html',
  xhtml: 'html',
};

const MEDIA_TYPES: Record<string, string> = {
  'application/json': 'json',
  'application/jsonl': 'jsonl',
  'application/ld+json': 'json',
  'application/x-ndjson': 'jsonl',
  'application/xhtml+xml': 'html',
  'message/rfc822': 'eml',
  'text/csv': 'csv',
  'text/html': 'html',
  'text/markdown': 'md',
  'text/tab-separated-values': 'tsv',
  'text/x-markdown': 'md',
};

const PACKAGES: Record<string, Format> = {
  docx: docxFormat,
  epub: epubFormat,
  odt: odtFormat,
  pptx: pptxFormat,
  xlsx: xlsxFormat,
};
const PACKAGE_ALIASES: Record<string, string> = {
  docm: 'docx',
  dotx: 'docx',
  potx: 'pptx',
  ppsx: 'pptx',
  pptm: 'pptx',
  xlsm: 'xlsx',
  xltx: 'xlsx',
};

/**
 * The format of a file: by its first bytes, then its media type, then its name; null for an archive
 * and for what cannot be read. What can be told to be useless (empty, protected, an old binary
 * format) gets a format whose reading says so.
 */
export function formatFor(file: FileToRead): Format | null {
  const extension = extensionOf(file.name);
  const signature = sniffBytes(file.bytes);
  if (signature === 'empty') return emptyFile(namedFormat(file, extension).name);
  if (signature === 'pdf') return pdfFormat;
  if (signature === 'ole') return oleFile;
  if (signature === 'rtf') return rtfFile;
  if (signature === 'zip') return zipFormat(file, extension);
  if (signature === 'other-binary') return null;
  return looksLikeText(file.bytes) || mediaTypeOf(file.mediaType).charset !== null
    ? textFormat(file, extension)
    : namedPackage(extension);
}

/** Whether a file is a zip that is none of the documents which are zips themselves. */
export function isArchive(file: FileToRead): boolean {
  if (sniffBytes(file.bytes) !== 'zip') return false;
  return zipFormat(file, extensionOf(file.name)) === null && zipKind(file.bytes) === null;
}

function zipFormat({ bytes }: FileToRead, extension: string): Format | null {
  const kind = zipKind(bytes);
  // A damaged one is what its name says, and its reading says what is wrong.
  return kind === null ? namedPackage(extension) : (PACKAGES[kind] ?? null);
}

function namedPackage(extension: string): Format | null {
  if (extension === 'pdf') return pdfFormat;
  return PACKAGES[PACKAGE_ALIASES[extension] ?? extension] ?? null;
}

function namedFormat(file: FileToRead, extension: string): Format {
  return namedPackage(extension) ?? textFormat(file, extension);
}

/** The format of what is a text: nothing in it tells which, HTML aside. */
function textFormat({ name, mediaType, bytes }: FileToRead, extension: string): Format {
  const { type, charset } = mediaTypeOf(mediaType);
  const kind = MEDIA_TYPES[type] ?? ALIASES[extension] ?? extension;
  const language = languageOf(extension) ?? languageOf(lastStep(name).toLowerCase());
  const isPage = looksLikeHtml(bytes) && language === null && kind !== 'md' && kind !== 'eml';
  if (isPage) return htmlFormat(charset);
  const format = TEXT_FORMATS[kind];
  if (format) return format(charset);
  return language === null ? plainTextFormat(charset) : sourceCodeFormat(language, charset);
}

/** The type in lower case, and the alphabet that it names. */
function mediaTypeOf(mediaType: string | null): { type: string; charset: string | null } {
  const [type = '', ...parameters] = (mediaType ?? '').toLowerCase().split(';');
  const named = parameters.map((parameter) => /^\s*charset\s*=\s*"?([\w-]+)"?\s*$/.exec(parameter)?.[1]);
  return { type: type.trim(), charset: named.find(Boolean) ?? null };
}

function extensionOf(name: string): string {
  return /\.([A-Za-z0-9+]{1,12})$/.exec(lastStep(name).split(/[?#]/)[0] ?? '')?.[1]?.toLowerCase() ?? '';
}

function lastStep(name: string): string {
  return name.split(/[\\/]/).findLast((step) => step !== '') ?? '';
}
