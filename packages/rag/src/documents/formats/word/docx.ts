import { ParleyError } from '@parley/contracts';
import { findTitle } from '../../split-markdown.ts';
import { assembleDocument } from '../assemble-document.ts';
import type { Format, ParseContext } from '../format.ts';
import { fragmentText } from '../html/fragment-text.ts';
import { coreTitle } from '../office-title.ts';
import { createMarks } from '../text-marks.ts';
import { ZipPackage } from '../zip/zip-package.ts';
import { safeCopy } from './safe-copy.ts';

const MEDIA_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
/** Beside mammoth's own: titles, and the names that WPS and translated templates give to headings. */
const STYLES = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='标题'] => h1:fresh",
  "p[style-name='Subtitle'] => p:fresh",
  ...[1, 2, 3, 4, 5, 6].map((level) => `p[style-name='标题 ${level}'] => h${level}:fresh`),
  "p[style-name='Heading 7'] => h6:fresh",
  "p[style-name='heading 7'] => h6:fresh",
];

/** Word documents. mammoth reads a copy of the parts that were checked, and no other file. */
export const docxFormat: Format = {
  name: 'Word',
  async parse(bytes, context) {
    const parts = new ZipPackage(bytes, context.limits);
    const marks = createMarks();
    const copy = safeCopy(parts, marks);
    context.progress(20);
    const html = await toHtml(copy, context);
    context.progress(60);
    const { text } = await fragmentText(html, marks);
    const title = findTitle(text) ?? coreTitle(parts);
    return assembleDocument({ mediaType: MEDIA_TYPE, title, parts: [text], marks }, context);
  },
};

async function toHtml(copy: Uint8Array, { name }: ParseContext): Promise<string> {
  const { default: mammoth } = await import('mammoth');
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: Buffer.from(copy.buffer, copy.byteOffset, copy.byteLength) },
      {
        styleMap: STYLES,
        includeEmbeddedStyleMap: false,
        externalFileAccess: false,
        convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
      },
    );
    return value;
  } catch (error) {
    throw new ParleyError('document_unreadable', `${name} is a damaged Word document.`, { cause: error });
  }
}
