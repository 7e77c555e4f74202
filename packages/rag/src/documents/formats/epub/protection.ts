import { ParleyError } from '@parley/contracts';
import { resolvePart } from '../office-relations.ts';
import { decodeXml } from '../xml/decode-xml.ts';
import { elementsNamed, readXmlTree } from '../xml/xml-tree.ts';
import type { ZipPackage } from '../zip/zip-package.ts';

/** Throws `document_encrypted` when chapters are encrypted; fonts may be, nobody reads them here. */
export function refuseProtected(parts: ZipPackage, chapters: readonly string[]): void {
  const bytes = parts.read('META-INF/encryption.xml');
  if (!bytes) return;
  const references = elementsNamed(readXmlTree(decodeXml(bytes)), 'CipherReference');
  const encrypted = new Set(references.map(({ attributes }) => resolvePart('', attributes['URI'] ?? '')));
  if (chapters.some((name) => encrypted.has(name))) {
    throw new ParleyError('document_encrypted', 'The book is protected against copying and cannot be read.');
  }
}
