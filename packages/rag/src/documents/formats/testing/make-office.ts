import { makeZip } from './make-zip.ts';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** Relations of a part: identifiers to type and target. */
export function relations(targets: Record<string, readonly [type: string, target: string]>): string {
  const items = Object.entries(targets).map(
    ([id, [type, target]]) => `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `${XML}<Relationships xmlns="${RELATIONS}">${items.join('')}</Relationships>`;
}

const CONTENT_TYPES = `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>`;

/** A Word document of the XML of its body. */
export function makeDocx(body: string, others: Record<string, string> = {}): Uint8Array {
  const styles = [1, 2, 3].map(
    (level) => `<w:style w:type="paragraph" w:styleId="H${level}"><w:name w:val="heading ${level}"/></w:style>`,
  );
  return makeZip({
    '[Content_Types].xml': CONTENT_TYPES,
    '_rels/.rels': relations({ rId1: ['officeDocument', 'word/document.xml'] }),
    'word/document.xml': `${XML}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    'word/styles.xml': `${XML}<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${styles.join('')}</w:styles>`,
    'word/_rels/document.xml.rels': relations({ rId1: ['styles', 'styles.xml'] }),
    ...others,
  });
}

/** A paragraph of Word: `style` is `H1` to `H3`, `properties` those of its run. */
export function wordParagraph(text: string, { style = '', properties = '' } = {}): string {
  const paragraph = style === '' ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`;
  const run = properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`;
  return `<w:p>${paragraph}<w:r>${run}<w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

export interface SheetToMake {
  name: string;
  /** Rows, cells and merged areas as XML. */
  xml: string;
  state?: string;
}

/** A workbook; `strings` are those that cells refer to, `styles` the style part. */
export function makeXlsx(sheets: readonly SheetToMake[], { strings = [] as string[], styles = '' } = {}): Uint8Array {
  const listed = sheets.map(
    ({ name, state = 'visible' }, place) =>
      `<sheet name="${name}" sheetId="${place + 1}" state="${state}" r:id="s${place}"/>`,
  );
  const targets = sheets.map((_, place) => [`s${place}`, ['worksheet', `worksheets/sheet${place + 1}.xml`]] as const);
  const parts = sheets.map(({ xml }, place) => [
    `xl/worksheets/sheet${place + 1}.xml`,
    `${XML}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${xml}</worksheet>`,
  ]);
  return makeZip({
    '[Content_Types].xml': CONTENT_TYPES,
    'xl/workbook.xml': `${XML}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><sheets>${listed.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations({
      ...Object.fromEntries(targets),
      strings: ['sharedStrings', 'sharedStrings.xml'],
      styles: ['styles', 'styles.xml'],
    }),
    'xl/sharedStrings.xml': `${XML}<sst>${strings.join('')}</sst>`,
    'xl/styles.xml': `${XML}<styleSheet>${styles}</styleSheet>`,
    ...Object.fromEntries(parts),
  });
}

/** A presentation; each slide is the XML of its shapes, with what it refers to. */
export function makePptx(slides: readonly { shapes: string; attributes?: string; notes?: string }[]): Uint8Array {
  const parts: Record<string, string> = {};
  for (const [place, { shapes, attributes = '', notes }] of slides.entries()) {
    parts[`ppt/slides/slide${place + 1}.xml`] = slideXml('sld', shapes, attributes);
    if (notes === undefined) continue;
    parts[`ppt/slides/_rels/slide${place + 1}.xml.rels`] = relations({
      n: ['notesSlide', `../notesSlides/notes${place + 1}.xml`],
    });
    parts[`ppt/notesSlides/notes${place + 1}.xml`] = slideXml('notes', slideShape(notes, 'body'), '');
  }
  const ids = slides.map((_, place) => `<p:sldId id="${256 + place}" r:id="s${place}"/>`);
  const targets = slides.map((_, place) => [`s${place}`, ['slide', `slides/slide${place + 1}.xml`]] as const);
  return makeZip({
    '[Content_Types].xml': CONTENT_TYPES,
    'ppt/presentation.xml': `${XML}<p:presentation xmlns:p="p" xmlns:r="${OFFICE}"><p:sldIdLst>${ids.join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relations(Object.fromEntries(targets)),
    ...parts,
  });
}

function slideXml(name: string, shapes: string, attributes: string): string {
  return `${XML}<p:${name} xmlns:p="p" xmlns:a="a" ${attributes}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:${name}>`;
}

/** A field of a slide: `type` names its placeholder (`title`, `body`), `lines` are `level:text`. */
export function slideShape(text: string, type: string | null): string {
  const placeholder = type === null ? '' : `<p:ph type="${type}"/>`;
  const paragraphs = text.split('\n').map((line) => {
    const level = /^\s*/.exec(line)?.[0].length ?? 0;
    return `<a:p><a:pPr lvl="${level}"/><a:r><a:t>${line.trim()}</a:t></a:r></a:p>`;
  });
  return `<p:sp><p:nvSpPr><p:cNvPr id="1" name="x"/><p:nvPr>${placeholder}</p:nvPr></p:nvSpPr><p:txBody>${paragraphs.join('')}</p:txBody></p:sp>`;
}
