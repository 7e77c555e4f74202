import type { TextMarks } from '../text-marks.ts';

const VANISHED = /<w:(?:vanish|webHidden)(?:\s+w:val="(?:1|true|on)")?\s*\/>/;
const WHITE = /<w:color\b[^>]*w:val="FFFFFF"/i;
const GROUND = /<w:(?:shd|highlight)\b/;
/** Half points: up to two points. */
const TINY = /<w:sz w:val="[0-4]"\s*\/>/;

/** Puts marks around the text of runs that are hidden, white or tiny by their own properties. */
export function markVanished(xml: string, marks: TextMarks): string {
  const pieces: string[] = [];
  let at = 0;
  for (;;) {
    const properties = xml.indexOf('<w:rPr>', at);
    const propertiesEnd = properties === -1 ? -1 : xml.indexOf('</w:rPr>', properties);
    if (propertiesEnd === -1) break;
    const end = isUnseen(xml.slice(properties, propertiesEnd)) ? xml.indexOf('</w:r>', propertiesEnd) : -1;
    // Properties of a paragraph's mark or of a style are followed by no text of theirs.
    const isOfRun = end !== -1 && /<w:r(?:\s[^<>]*)?>\s*$/.test(xml.slice(Math.max(0, properties - 300), properties));
    const next = isOfRun ? end : propertiesEnd;
    pieces.push(xml.slice(at, propertiesEnd));
    const run = xml.slice(propertiesEnd, next);
    pieces.push(isOfRun ? markTexts(run, marks) : run);
    at = next;
  }
  return pieces.join('') + xml.slice(at);
}

function isUnseen(properties: string): boolean {
  if (VANISHED.test(properties) || TINY.test(properties)) return true;
  return WHITE.test(properties) && !GROUND.test(properties);
}

function markTexts(run: string, { open, close }: TextMarks): string {
  return run.replaceAll(/(<w:t(?:\s[^<>]*)?>)([^<]*)(?=<\/w:t>)/g, (_, tag: string, text: string) => {
    return `${tag}${open}${text}${close}`;
  });
}
