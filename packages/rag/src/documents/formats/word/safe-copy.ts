import { ParleyError } from '@parley/contracts';
import { zipSync } from 'fflate';
import type { TextMarks } from '../text-marks.ts';
import { decodeXml } from '../xml/decode-xml.ts';
import { checkXml } from '../xml/check-xml.ts';
import type { ZipPackage } from '../zip/zip-package.ts';
import { markVanished } from './mark-vanished.ts';

/** The text, and what it refers to; no media, no settings, nothing embedded. */
const NEEDED =
  /^(?:\[Content_Types\]\.xml|_rels\/\.rels|word\/(?:document\d*|styles|numbering|footnotes|endnotes|comments\w*)\.xml|word\/_rels\/[^/]+\.rels)$/i;

/** The parts of a Word document that are read, checked, in a zip that is not packed. */
export function safeCopy(parts: ZipPackage, marks: TextMarks): Uint8Array {
  const copy: Record<string, Uint8Array> = {};
  for (const name of parts.names) {
    if (!NEEDED.test(name)) continue;
    const xml = decodeXml(parts.read(name) ?? new Uint8Array());
    checkXml(xml);
    copy[name] = new TextEncoder().encode(name.endsWith('.xml') ? markVanished(xml, marks) : xml);
  }
  if (!Object.keys(copy).some((name) => name.toLowerCase().startsWith('word/document'))) {
    throw new ParleyError('document_unreadable', 'The file is no Word document, though it is called one.');
  }
  return zipSync(copy, { level: 0 });
}
