import { ParleyError } from '@parley/contracts';
import { relationsOf } from '../office-relations.ts';
import { decodeXml } from '../xml/decode-xml.ts';
import { elementsNamed, readXmlTree } from '../xml/xml-tree.ts';
import type { ZipPackage } from '../zip/zip-package.ts';

const WORKBOOK = 'xl/workbook.xml';

export interface SheetPart {
  name: string;
  target: string;
  isHidden: boolean;
}

export interface Workbook {
  sheets: SheetPart[];
  /** Names of the parts; null when there are none. */
  strings: string | null;
  styles: string | null;
  /** Days count from 1904 instead of 1900. */
  isFrom1904: boolean;
}

export function readWorkbook(parts: ZipPackage): Workbook {
  const bytes = parts.read(WORKBOOK);
  if (!bytes) {
    const isBinary = parts.has('xl/workbook.bin');
    const what = isBinary ? 'a binary workbook (XLSB); save it as XLSX' : 'no Excel workbook';
    throw new ParleyError('document_unreadable', `The file is ${what}.`);
  }
  const root = readXmlTree(decodeXml(bytes));
  const relations = relationsOf(parts, WORKBOOK);
  const targets = new Map(relations.map(({ id, target }) => [id, target]));
  const sheets = elementsNamed(root, 'sheet').flatMap(({ attributes }) => {
    const target = targets.get(Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? '');
    const state = attributes['state'] ?? 'visible';
    return target ? [{ name: attributes['name'] ?? '', target, isHidden: state !== 'visible' }] : [];
  });
  const named = (type: string) => relations.find((relation) => relation.type === type)?.target ?? null;
  const properties = elementsNamed(root, 'workbookPr')[0]?.attributes['date1904'];
  return {
    sheets,
    strings: named('sharedStrings'),
    styles: named('styles'),
    isFrom1904: properties === '1' || properties === 'true',
  };
}
