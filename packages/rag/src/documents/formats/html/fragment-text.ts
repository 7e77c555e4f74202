import { parsePage } from '../../html/parse-page.ts';
import { toMarkdown } from '../../html/to-markdown.ts';
import type { TextMarks } from '../text-marks.ts';
import { markHidden } from './mark-hidden.ts';

export interface FragmentText {
  text: string;
  title: string;
  language: string | null;
}

/** HTML out of another document (a chapter, a mail) as Markdown, whole; hidden parts between marks. */
export async function fragmentText(html: string, marks: TextMarks): Promise<FragmentText> {
  const page = await parsePage(html);
  markHidden(html, page.body, marks);
  return { text: toMarkdown([page.body]), title: page.title, language: page.language };
}
