import { writeTable } from '../tables/write-table.ts';
import { childElements, childOf, elementsNamed, type XmlElement } from '../xml/xml-tree.ts';

export interface SlideShape {
  kind: 'title' | 'body';
  text: string;
}

/** What every slide repeats. */
const REPEATED = new Set(['dt', 'ftr', 'sldNum', 'hdr', 'sldImg']);
/** Nobody writes more on a slide. */
const MAX_TABLE_LENGTH = 1_000_000;
const TITLES = new Set(['title', 'ctrTitle']);

/** The texts on a slide, in the order in which its shapes lie; groups are opened. */
export function shapeTexts(slide: XmlElement): SlideShape[] {
  const shapes: SlideShape[] = [];
  for (const element of childElements(slide)) {
    if (element.name === 'sp') shapes.push(...textShape(element));
    else if (element.name === 'graphicFrame') shapes.push(...tableShapes(element));
    // Of two drawings of the same, the second is for programs that do not know the first.
    else if (element.name !== 'Fallback') shapes.push(...shapeTexts(element));
  }
  return shapes;
}

function textShape(shape: XmlElement): SlideShape[] {
  const placeholder = childOf(shape, 'nvSpPr', 'nvPr', 'ph');
  const type = placeholder?.attributes['type'] ?? '';
  if (placeholder && REPEATED.has(type)) return [];
  const body = childOf(shape, 'txBody');
  if (!body) return [];
  const paragraphs = childElements(body).filter(({ name }) => name === 'p');
  if (TITLES.has(type)) return [{ kind: 'title', text: paragraphs.map(paragraphText).join(' ').trim() }];
  // What stands in a slide's main field is a list there; a box of its own is a paragraph.
  const isList = placeholder !== null && type !== 'subTitle';
  const lines = paragraphs.map((paragraph) => paragraphLine(paragraph, isList)).filter((line) => line.trim() !== '');
  return lines.length === 0 ? [] : [{ kind: 'body', text: lines.join('\n') }];
}

function paragraphLine(paragraph: XmlElement, isList: boolean): string {
  const text = paragraphText(paragraph);
  if (text === '') return '';
  const properties = childOf(paragraph, 'pPr');
  const level = Math.min(Number(properties?.attributes['lvl'] ?? 0) || 0, 8);
  const hasBullet = childOf(properties, 'buChar') !== null || childOf(properties, 'buAutoNum') !== null;
  const isItem = (isList || hasBullet || level > 0) && childOf(properties, 'buNone') === null;
  return isItem ? `${'  '.repeat(level)}- ${text.replaceAll('\n', ' ')}` : text;
}

/** Runs, fields and line breaks of a paragraph. */
export function paragraphText(paragraph: XmlElement): string {
  const text = childElements(paragraph).map((child) => {
    if (child.name === 'br') return '\n';
    return child.name === 'pPr' ? '' : elementsNamed(child, 't').map(ownText).join('');
  });
  return text
    .join('')
    .replaceAll(/[^\S\n]+/g, ' ')
    .trim();
}

function ownText({ children }: XmlElement): string {
  return children.filter((child) => typeof child === 'string').join('');
}

function tableShapes(frame: XmlElement): SlideShape[] {
  return elementsNamed(frame, 'tbl').flatMap((table) => {
    const rows = childElements(table)
      .filter(({ name }) => name === 'tr')
      .map((row) => cellTexts(row));
    const [head, ...body] = rows;
    return head && head.length > 0
      ? [{ kind: 'body', text: writeTable({ head, rows: body, maxLength: MAX_TABLE_LENGTH }) } as const]
      : [];
  });
}

function cellTexts(row: XmlElement): string[] {
  return childElements(row)
    .filter(({ name }) => name === 'tc')
    .map((cell) => elementsNamed(cell, 'p').map(paragraphText).join(' ').trim());
}
