import { assembleDocument } from '../assemble-document.ts';
import type { Format } from '../format.ts';
import { coreTitle } from '../office-title.ts';
import { createMarks } from '../text-marks.ts';
import { decodeXml } from '../xml/decode-xml.ts';
import { ZipPackage } from '../zip/zip-package.ts';
import { readSheet } from './read-sheet.ts';
import { readStrings } from './shared-strings.ts';
import { readNumberStyles } from './number-styles.ts';
import { readWorkbook } from './workbook.ts';
import { sheetText } from './sheet-text.ts';

const MEDIA_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Workbooks: a page per sheet, its tables with their heads; values as they were last computed and shown. */
export const xlsxFormat: Format = {
  name: 'Excel',
  async parse(bytes, context) {
    const parts = new ZipPackage(bytes, context.limits);
    const marks = createMarks();
    const workbook = readWorkbook(parts);
    const strings = readStrings(xmlOf(parts, workbook.strings));
    const styles = readNumberStyles(xmlOf(parts, workbook.styles), workbook);
    const texts: string[] = [];
    let room = context.limits.maxTextLength;
    for (const [place, { name, target, isHidden }] of workbook.sheets.entries()) {
      context.progress((100 * place) / workbook.sheets.length);
      const sheet = readSheet(xmlOf(parts, target), { strings, styles, maxTextLength: room });
      const text = sheetText(name, sheet, room);
      texts.push(isHidden && text !== '' ? `${marks.open}${text}${marks.close}` : text);
      // One more than there is room for: what is left out is then noticed.
      room = Math.max(1, room - text.length);
    }
    return assembleDocument(
      { mediaType: MEDIA_TYPE, title: coreTitle(parts), parts: texts, isPaged: true, marks },
      context,
    );
  },
};

function xmlOf(parts: ZipPackage, name: string | null): string {
  const bytes = name === null ? null : parts.read(name);
  return bytes ? decodeXml(bytes) : '';
}
