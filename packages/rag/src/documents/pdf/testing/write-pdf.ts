/** A picture of four grey pixels, to be scaled to any size. */
const PICTURE =
  '<</Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8/Length 4>>stream\nabcd\nendstream';
const DESCRIPTOR =
  '<</Type/FontDescriptor/FontName/SimSun/Flags 4/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80/FontBBox[0 0 1000 1000]>>';

type Place = readonly [x: number, y: number];

interface Style {
  size?: number;
  font?: 'F1' | 'F2';
}

export interface PdfOptions {
  title?: string;
  /** Locked with a password that nobody knows. */
  isEncrypted?: boolean;
  /** The Chinese font has no map to letters. */
  isUnmapped?: boolean;
}

/**
 * Writes small PDFs for tests, one content stream per page. Fonts: `F1` Helvetica, `F2` its bold,
 * `F3` Chinese with glyph numbers and a map to letters, `F4` Chinese in GBK without anything.
 */
export function writePdf(pages: readonly string[], { title, isEncrypted, isUnmapped }: PdfOptions = {}): Uint8Array {
  const kids = pages.map((_, place) => `${10 + 2 * place} 0 R`).join(' ');
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Kids[${kids}]/Count ${pages.length}>>`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>',
    `<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H${isUnmapped ? '' : '/ToUnicode 6 0 R'}/DescendantFonts[7 0 R]>>`,
    stream(letterMap()),
    `<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(${isUnmapped ? 'GB1' : 'Identity'})/Supplement 2>>/DW 1000/FontDescriptor 9 0 R>>`,
    '<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/FontDescriptor 9 0 R>>]>>',
    DESCRIPTOR,
    ...pages.flatMap((content, place) => [pageObject(11 + 2 * place, 10 + 2 * pages.length), stream(content)]),
    PICTURE,
  ];
  const info = title ? `/Info<</Title(${title})>>` : '';
  return assemble(objects, info + (isEncrypted ? encryption() : ''));
}

/** Latin text at a place, in points from the lower left corner. */
export function at([x, y]: Place, text: string, { size = 10, font = 'F1' }: Style = {}): string {
  const escaped = text.replaceAll(/[\\()]/g, '\\$&');
  return `BT /${font} ${size} Tf 1 0 0 1 ${x} ${y} Tm (${escaped}) Tj ET\n`;
}

/** Chinese text, as glyph numbers that only the map of the font explains. */
export function hanAt([x, y]: Place, text: string): string {
  const codes = [...text].map((letter) => hex(glyphOf(letter.charCodeAt(0)))).join('');
  return `BT /F3 10 Tf 1 0 0 1 ${x} ${y} Tm <${codes}> Tj ET\n`;
}

/** Bytes in GBK, for the font that has no map. */
export function gbkAt([x, y]: Place, bytes: string): string {
  return `BT /F4 10 Tf 1 0 0 1 ${x} ${y} Tm <${bytes}> Tj ET\n`;
}

/** Lines of text below each other. */
export function linesAt([x, top]: Place, lines: readonly string[], style: Style = {}): string {
  const leading = (style.size ?? 10) * 1.2;
  return lines.map((line, place) => at([x, top - place * leading], line, style)).join('');
}

function pageObject(content: number, picture: number): string {
  const resources = `<</Font<</F1 3 0 R/F2 4 0 R/F3 5 0 R/F4 8 0 R>>/XObject<</Im1 ${picture} 0 R>>>>`;
  return `<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents ${content} 0 R/Resources${resources}>>`;
}

// Each letter's number is its code with the bytes exchanged: certainly not the letter itself.
function glyphOf(code: number): number {
  return ((code & 0xff) << 8) | (code >> 8);
}

function letterMap(): string {
  const letters = Array.from({ length: 0x9fa5 - 0x4e00 + 1 }, (_, place) => 0x4e00 + place).concat(
    Array.from({ length: 0x40 }, (_, place) => 0x3000 + place),
    Array.from({ length: 0x60 }, (_, place) => 0xff01 + place),
  );
  const lines = letters.map((code) => `<${hex(glyphOf(code))}> <${hex(code)}>`);
  const sections: string[] = [];
  for (let from = 0; from < lines.length; from += 100) {
    const some = lines.slice(from, from + 100);
    sections.push(`${some.length} beginbfchar`, ...some, 'endbfchar');
  }
  return ['begincmap', '1 begincodespacerange', '<0000> <ffff>', 'endcodespacerange', ...sections, 'endcmap'].join(
    '\n',
  );
}

function encryption(): string {
  const key = 'ab'.repeat(32);
  return `/ID[<0011><0011>]/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<${key}>/U<${key}>>>`;
}

function stream(content: string): string {
  return `<</Length ${content.length}>>stream\n${content}\nendstream`;
}

function assemble(objects: readonly string[], trailer: string): Uint8Array {
  let file = '%PDF-1.7\n';
  const places = objects.map((object, place) => {
    const start = file.length;
    file += `${place + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(start).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}`;
  const end = `trailer\n<</Size ${objects.length + 1}/Root 1 0 R${trailer}>>\nstartxref\n${file.length}\n%%EOF\n`;
  return new TextEncoder().encode(file + table + end);
}

function hex(code: number): string {
  return code.toString(16).padStart(4, '0');
}
