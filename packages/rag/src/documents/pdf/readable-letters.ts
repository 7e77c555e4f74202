/** Ligatures, Kangxi radicals and the like: shapes that fonts use in the place of letters. */
const SHAPES = /[\uFB00-\uFB06\u2E80-\u2FDF\uF900-\uFAFF\uFE30-\uFE4F]/g;
/** No letters: what a font without a map to letters gives for its glyphs. */
const CONTROLS = /[\u0001-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;

/** Letters as they are written and searched, for letters as a font names them. */
export function readableLetters(letters: string): string {
  return letters
    .replaceAll(SHAPES, (shape) => shape.normalize('NFKC'))
    .replaceAll(CONTROLS, '\uFFFD')
    .replaceAll(/[\u00A0\u2000-\u200A\u202F\u3000\t\r\n\0]/g, ' ');
}
