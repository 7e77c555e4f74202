interface Encoding {
  name: RegExp;
  /** What `TextDecoder` calls it. */
  decoder: string;
  /** Bytes that stand alone, and pairs of bytes. */
  spaces: readonly (readonly [first: number, last: number])[];
}

const PAIRS = [0x8140, 0xfefe] as const;

/**
 * The names of Chinese, Japanese and Korean encodings in PDF, and how their bytes are decoded. Office
 * programs name one of these and leave the font out; the maps that belong to the names are made here,
 * of the decoders that Node and every browser have, instead of being shipped: the letters that are drawn
 * are those that were kept.
 */
const ENCODINGS: readonly Encoding[] = [
  { name: /^GB.*-[HV]$/, decoder: 'gb18030', spaces: [[0x00, 0x80], PAIRS] },
  { name: /^(?:B5pc|ETen-B5|ETenms-B5|HKscs-B5)-[HV]$/, decoder: 'big5', spaces: [[0x00, 0x80], PAIRS] },
  {
    name: /-RKSJ-[HV]$/,
    decoder: 'shift_jis',
    spaces: [
      [0x00, 0x80],
      [0xa0, 0xdf],
      [0x8140, 0x9ffc],
      [0xe040, 0xfcfc],
    ],
  },
  { name: /^EUC-[HV]$/, decoder: 'euc-jp', spaces: [[0x00, 0x80], PAIRS] },
  { name: /^KSC.*-[HV]$/, decoder: 'euc-kr', spaces: [[0x00, 0x80], PAIRS] },
];
const UNICODE = /^Uni.*-(?:UCS2|UTF16)-(?:HW-)?[HV]$/;
const TO_UNICODE = /^Adobe-(?:GB1|CNS1|Japan1|Korea1|KR)-UCS2$/;

/** Letters that such fonts are used for; they are numbered from `FIRST_GLYPH` on. */
const LETTERS: readonly (readonly [first: number, last: number])[] = [
  [0x20, 0xff],
  [0x391, 0x451],
  [0x2010, 0x2312],
  [0x2460, 0x2642],
  [0x3000, 0x33ff],
  [0x4e00, 0x9fa5],
  [0xff01, 0xffe6],
  [0xac00, 0xd7a3],
];
/**
 * Above the glyph numbers that Adobe gave. Those stand for glyphs inside a font, which cannot be told
 * here: they come out as no letter at all, and are noticed as such.
 */
const FIRST_GLYPH = 30_284;
const UNKNOWN_LETTER = 0xfffd;
const PER_SECTION = 100;

/** A run of codes, or glyph numbers, and what the first of them stands for. */
interface CodeRange {
  first: number;
  last: number;
  target: number;
}

/** Hands pdf.js the maps between bytes, glyphs and letters, which it asks for by name. */
export class CharacterMaps {
  // The name and the shape of this are pdf.js's own.
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const map = kind === 'cMapUrl' ? mapNamed(filename) : null;
    if (map === null) throw new Error(`${filename} is not known.`);
    return new TextEncoder().encode(map);
  }
}

function mapNamed(name: string): string | null {
  if (TO_UNICODE.test(name)) return mapText([[0x0000, 0xffff]], glyphsToLetters(), 'bf');
  if (UNICODE.test(name)) return mapText([[0x0000, 0xffff]], LETTERS.flatMap(bySecondByte).map(toGlyphs), 'cid');
  const encoding = ENCODINGS.find((known) => known.name.test(name));
  return encoding ? mapText(encoding.spaces, decodedRanges(encoding), 'cid') : null;
}

function glyphOf(letter: number): number | null {
  let glyph = FIRST_GLYPH;
  for (const [first, last] of LETTERS) {
    if (letter >= first && letter <= last) return glyph + letter - first;
    glyph += last - first + 1;
  }
  return null;
}

function toGlyphs([first, last]: readonly [number, number]): CodeRange {
  return { first, last, target: glyphOf(first) ?? 0 };
}

function glyphsToLetters(): CodeRange[] {
  const unknown = Array.from({ length: FIRST_GLYPH - 1 }, (_, place) => place + 1);
  const known = LETTERS.flatMap(bySecondByte).map(([first, last]) => {
    const glyph = glyphOf(first) ?? 0;
    return { first: glyph, last: glyph + last - first, target: first };
  });
  return [...unknown.map((glyph) => ({ first: glyph, last: glyph, target: UNKNOWN_LETTER })), ...known];
}

/** Ranges in which only the last byte changes, as the format wants them. */
function bySecondByte([first, last]: readonly [number, number]): [number, number][] {
  const ranges: [number, number][] = [];
  for (let from = first; from <= last; from = (from | 0xff) + 1) ranges.push([from, Math.min(last, from | 0xff)]);
  return ranges;
}

function decodedRanges({ decoder: label, spaces }: Encoding): CodeRange[] {
  const decoder = new TextDecoder(label);
  const ranges: CodeRange[] = [];
  for (const code of spaces.flatMap(([first, last]) => codesBetween(first, last))) {
    const bytes = code > 0xff ? [code >> 8, code & 0xff] : [code];
    const letters = decoder.decode(Uint8Array.from(bytes));
    const glyph = letters.length === 1 ? glyphOf(letters.charCodeAt(0)) : null;
    if (glyph === null) continue;
    const last = ranges.at(-1);
    const isNext = last && last.last + 1 === code && last.target + code - last.first === glyph && (code & 0xff) > 0;
    if (isNext) last.last = code;
    else ranges.push({ first: code, last: code, target: glyph });
  }
  return ranges;
}

function codesBetween(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, place) => first + place);
}

/** A map in the language of the format. `cid`: of codes to glyphs; `bf`: of glyphs to letters. */
function mapText(spaces: Encoding['spaces'], ranges: readonly CodeRange[], kind: 'cid' | 'bf'): string {
  const widths = spaces.map(([first, last]) => `<${hex(first, last)}> <${hex(last)}>`);
  const sections = ['begincmap', `${widths.length} begincodespacerange`, ...widths, 'endcodespacerange'];
  for (let from = 0; from < ranges.length; from += PER_SECTION) {
    const lines = ranges.slice(from, from + PER_SECTION).map(({ first, last, target }) => {
      const length = kind === 'bf' ? 0xffff : last;
      return `<${hex(first, length)}> <${hex(last, length)}> ${kind === 'bf' ? `<${hex(target, 0xffff)}>` : target}`;
    });
    sections.push(`${lines.length} begin${kind}range`, ...lines, `end${kind}range`);
  }
  return [...sections, 'endcmap'].join('\n');
}

/** As many digits as `like` has. */
function hex(code: number, like: number = code): string {
  return code.toString(16).padStart(like > 0xff ? 4 : 2, '0');
}
