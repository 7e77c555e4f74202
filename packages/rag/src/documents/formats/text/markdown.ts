import { findTitle } from '../../split-markdown.ts';
import type { Format } from '../format.ts';
import { assembleDocument } from '../assemble-document.ts';
import { createMarks, type TextMarks } from '../text-marks.ts';
import { decodeFile } from './decode-file.ts';

const FRONT_MATTER = /^---[ \t]*\r?\n([\s\S]{0,20000}?)\r?\n---[ \t]*(?:\r?\n|$)/;
const TITLE_LINE = /^title[ \t]*:[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\n]*))/m;
/** A fenced block, or a comment, which nobody sees of the finished page. */
const FENCE_OR_COMMENT = /^(`{3,}|~{3,})[\s\S]*?(?:^\1|(?![\s\S]))|<!--([\s\S]*?)(?:-->|(?![\s\S]))/gm;

/** Markdown as it stands; comments in it are flagged. */
export function markdownFormat(charset: string | null): Format {
  return {
    name: 'Markdown',
    async parse(bytes, context) {
      const text = decodeFile(bytes, { charset, maxLength: context.limits.maxTextLength });
      const marks = createMarks();
      const title = titleOf(text);
      return assembleDocument(
        { mediaType: 'text/markdown', title, parts: [markComments(text, marks)], marks },
        context,
      );
    },
  };
}

function titleOf(text: string): string | null {
  const matter = FRONT_MATTER.exec(text.slice(0, 20_100));
  const named = matter && TITLE_LINE.exec(matter[1] ?? '');
  return named?.slice(1).find(Boolean)?.trim() || findTitle(text);
}

function markComments(text: string, { open, close }: TextMarks): string {
  return text.replaceAll(FENCE_OR_COMMENT, (found, _fence, comment: string | undefined) =>
    comment === undefined ? found : `${open}${found}${close}`,
  );
}
