import { ParleyError } from '@parley/contracts';
import { parsePage } from '../../html/parse-page.ts';
import { pickContent } from '../../html/pick-content.ts';
import { toMarkdown } from '../../html/to-markdown.ts';
import { findTitle } from '../../split-markdown.ts';
import { assembleDocument } from '../assemble-document.ts';
import type { Format, ParseContext } from '../format.ts';
import { createMarks } from '../text-marks.ts';
import { decodeFile } from '../text/decode-file.ts';
import { markHidden } from './mark-hidden.ts';

/** A web page: the parts that selectors name, or its main content. */
export function htmlFormat(charset: string | null): Format {
  return {
    name: 'HTML',
    async parse(bytes, context) {
      return parseHtml(decodeFile(bytes, { charset, isHtml: true }), context);
    },
  };
}

async function parseHtml(html: string, context: ParseContext) {
  const { name, select } = context;
  const marks = createMarks();
  const page = await parsePage(html);
  markHidden(html, page.body, marks);
  const content = await pickContent(page, select);
  const text = toMarkdown(content.elements);
  if (text === '' && select.length > 0) {
    throw new ParleyError('document_empty', `${name} has nothing that ${select.join(', ')} selects.`);
  }
  return assembleDocument(
    {
      mediaType: 'text/html',
      title: content.title || findTitle(text) || name,
      language: page.language,
      parts: [text],
      marks,
    },
    context,
  );
}
