import { elementsNamed, readXmlTree, type XmlElement } from '../xml/xml-tree.ts';
import { dateText, type DateKind } from './date-text.ts';

type NumberKind = 'plain' | 'percent' | DateKind;

/** How the numbers of a workbook are shown. */
export interface NumberStyles {
  /** The text of a number in a cell of the style with this place in the list. */
  textOf(value: number, style: number): string;
}

const BUILT_IN: ReadonlyMap<number, NumberKind> = new Map<number, NumberKind>([
  [9, 'percent'],
  [10, 'percent'],
  ...[14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58].map((id) => [id, 'date'] as const),
  ...[18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56].map((id) => [id, 'time'] as const),
  [22, 'moment'],
]);
/** What is not the pattern itself: quoted and escaped text, colours and conditions. */
const NO_PATTERN = /"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]/gi;

export function readNumberStyles(xml: string, { isFrom1904 }: { isFrom1904: boolean }): NumberStyles {
  const kinds = xml === '' ? [] : cellKinds(readXmlTree(xml));
  return {
    textOf(value, style) {
      const kind = kinds[style] ?? 'plain';
      if (kind === 'plain') return plainNumber(value);
      if (kind === 'percent') return `${plainNumber(value * 100)}%`;
      return dateText(value, { kind, isFrom1904 }) ?? plainNumber(value);
    },
  };
}

function cellKinds(root: XmlElement): NumberKind[] {
  const own = new Map(
    elementsNamed(root, 'numFmt').map(({ attributes }) => [
      Number(attributes['numFmtId']),
      kindOf(attributes['formatCode'] ?? ''),
    ]),
  );
  const [cells] = elementsNamed(root, 'cellXfs');
  return elementsNamed(cells ?? root, 'xf').map(({ attributes }) => {
    const id = Number(attributes['numFmtId'] ?? 0);
    return own.get(id) ?? BUILT_IN.get(id) ?? 'plain';
  });
}

function kindOf(code: string): NumberKind {
  const pattern = (code.split(';')[0] ?? '').replaceAll(NO_PATTERN, '').toLowerCase();
  if (/general|^[^ymdhs]*$/.test(pattern)) return pattern.includes('%') ? 'percent' : 'plain';
  const hasDay = /[yd]/.test(pattern) || (pattern.includes('m') && !/[hs]/.test(pattern));
  const hasTime = /[hs]/.test(pattern);
  if (hasDay && hasTime) return 'moment';
  return hasDay ? 'date' : 'time';
}

/** As a spreadsheet shows it, without the noise of binary fractions. */
function plainNumber(value: number): string {
  return String(Number(value.toPrecision(14)));
}
