import { findTitle } from '../split-markdown.ts';

/** How much of a text may hold its title. */
const BEGINNING = 4_000;
const MAX_LENGTH = 200;
/** What programs write when nobody gave a title. */
const NO_TITLE =
  /^(?:untitled|document\d*|microsoft (?:word|powerpoint|excel)\b.*|slide 1|无标题|未命名|文档\d*)$|\.(?:docx?|pdf|indd|tex|dvi|qxd|pptx?|xlsx?|wps|html?)$/i;

/** The title that the document says, if it is one; else its first large heading; else its name. */
export function documentTitle(text: string, { info, name }: { info: { info: object }; name: string }): string {
  const said = 'Title' in info.info ? String(info.info.Title).trim() : '';
  if (said.length > 1 && said.length <= MAX_LENGTH && !NO_TITLE.test(said) && !/\uFFFD/.test(said)) return said;
  const heading = findTitle(text.slice(0, BEGINNING));
  return heading && heading.length <= MAX_LENGTH ? heading : name.replace(/\.pdf$/i, '');
}
