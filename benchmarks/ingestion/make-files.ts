import {
  hanAt,
  linesAt,
  makeDocx,
  makePptx,
  makeXlsx,
  seededRandom,
  slideShape,
  wordParagraph,
  writePdf,
} from '@parley/rag/testing';
import { PassageMaker } from '../index-scale/make-passages.ts';

export interface MadeFile {
  name: string;
  bytes: Uint8Array;
}

const PASSAGES = 40;

/** A section of a document: its heading, and its paragraphs. */
interface Section {
  heading: string;
  paragraphs: string[];
}

type Writer = (title: string, sections: readonly Section[]) => string | Uint8Array;

const WRITERS: readonly [extension: string, write: Writer][] = [
  ['md', toMarkdown],
  ['txt', (title, sections) => [title, ...sections.flatMap(({ paragraphs }) => paragraphs)].join('\n\n')],
  ['html', (title, sections) => `<title>${title}</title><main>${sections.map(toHtml).join('')}</main>`],
  ['csv', (_, sections) => `topic,text\n${sections.map(toCsv).join('\n')}`],
  ['jsonl', (_, sections) => sections.map((section) => JSON.stringify(section)).join('\n')],
  ['docx', (_, sections) => makeDocx(sections.map(toWord).join(''))],
  ['pptx', (_, sections) => makePptx(sections.map(toSlide))],
  ['xlsx', (_, sections) => makeXlsx([{ name: 'Sheet', xml: toSheet(sections) }])],
  ['pdf', (_, sections) => writePdf(sections.map(toPage))],
];

/** Documents of every kind in turn, half of them Chinese; the same for the same seed. */
export function* makeFiles(count: number, seed = 1): Generator<MadeFile> {
  const passages = new PassageMaker(seededRandom(seed));
  for (let number = 0; number < count; number += 1) {
    const [extension, write] = WRITERS[number % WRITERS.length] ?? ['txt', toMarkdown];
    const made = passages.document(number, PASSAGES);
    const sections = made.map(({ headingPath, text }) => ({ heading: headingPath.join(' '), paragraphs: [text] }));
    const written = write(made[0]?.title ?? '', sections);
    const bytes = typeof written === 'string' ? new TextEncoder().encode(written) : written;
    yield { name: `document-${number}.${extension}`, bytes };
  }
}

function toMarkdown(title: string, sections: readonly Section[]): string {
  return [
    `# ${title}`,
    ...sections.map(({ heading, paragraphs }) => `## ${heading}\n\n${paragraphs.join('\n\n')}`),
  ].join('\n\n');
}

function toHtml({ heading, paragraphs }: Section): string {
  return `<h2>${heading}</h2>${paragraphs.map((text) => `<p>${text}</p>`).join('')}`;
}

function toCsv({ heading, paragraphs }: Section): string {
  return [heading, ...paragraphs].map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
}

function toWord({ heading, paragraphs }: Section): string {
  return [wordParagraph(heading, { style: 'Heading1' }), ...paragraphs.map((text) => wordParagraph(text))].join('');
}

function toSlide({ heading, paragraphs }: Section) {
  return { shapes: slideShape(heading, 'title') + slideShape(paragraphs.join('\n'), 'body') };
}

function toSheet(sections: readonly Section[]): string {
  const rows = sections.map(({ heading, paragraphs }) => {
    const cells = [heading, ...paragraphs].map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`);
    return `<row>${cells.join('')}</row>`;
  });
  return `<sheetData>${rows.join('')}</sheetData>`;
}

/** A page of lines as wide as they fit. */
function toPage({ heading, paragraphs }: Section): string {
  const text = [heading, ...paragraphs].join(' ');
  const isChinese = /\p{Script=Han}/u.test(text);
  const lines = (isChinese ? text.replaceAll(' ', '').match(/.{1,45}/gu) : text.match(/.{1,90}(?:\s|$)/gu)) ?? [];
  if (!isChinese) return linesAt([50, 760], lines);
  return lines.map((line, place) => hanAt([50, 760 - place * 14], line)).join('');
}
