import { decodeXml } from './xml/decode-xml.ts';
import { elementsNamed, readXmlTree, textOf } from './xml/xml-tree.ts';
import type { ZipPackage } from './zip/zip-package.ts';

/** What programs write when nobody gave a title. */
const NO_TITLE =
  /^(?:microsoft (?:word|powerpoint|excel)\b.*|powerpoint presentation|presentation|演示文稿|untitled|document\d*)?$/i;

/** The title in an Office document's properties; null when nobody gave one. */
export function coreTitle(parts: ZipPackage): string | null {
  const bytes = parts.read('docProps/core.xml');
  if (!bytes) return null;
  const [title] = elementsNamed(readXmlTree(decodeXml(bytes)), 'title');
  const words = title ? textOf(title).trim() : '';
  return NO_TITLE.test(words) ? null : words;
}
