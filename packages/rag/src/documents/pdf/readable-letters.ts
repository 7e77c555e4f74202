/** Ligatures, Kangxi radicals and the like: shapes that fonts use in the place of letters. */
const SHAPES = /[\uFB00-\uFB06\u2F00-\u2FDF\uF900-\uFAFF\uFE30-\uFE4F]/g;
/** U+2E80 and on: radicals, which browsers write into PDFs for the letters that look the same. Unicode's table (EquivalentUnifiedIdeograph). */
const FIRST_RADICAL = 0x2e80;
const RADICALS = [
  ...' 厂乛乚乙亻冂𠘨刀刂卜㔾小尐兀尣尢𡯂巳幺彑彐忄心扌攵 旡日月歺母民氵氺灬爫爬丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艺艻虎衤覀西见角𧢲讠贝𧾷车辶辷辸邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟',
];
/** No letters: what a font without a map to letters gives for its glyphs. */
const CONTROLS = /\p{Cc}/gu;

/** What nearly all letters are; nothing is to be done to them. Asked of each glyph. */
const USUAL = /^[\x20-\x7E\u4E00-\u9FFF]*$/;

/** Letters as they are written and searched, for letters as a font names them. */
export function readableLetters(letters: string): string {
  if (USUAL.test(letters)) return letters;
  return letters
    .replaceAll(SHAPES, (shape) => shape.normalize('NFKC'))
    .replaceAll(/[\u2E80-\u2EF3]/g, ofRadical)
    .replaceAll(/[\u00A0\u2000-\u200A\u202F\u3000\t\r\n\0]/g, ' ')
    .replaceAll(CONTROLS, '\uFFFD');
}

function ofRadical(radical: string): string {
  return RADICALS[radical.charCodeAt(0) - FIRST_RADICAL]?.trim() || radical;
}
