import { ParleyError } from '@parley/contracts';
import { findTitle } from '../../split-markdown.ts';
import { assembleDocument } from '../assemble-document.ts';
import type { Format } from '../format.ts';
import { decodeXml } from '../xml/decode-xml.ts';
import { elementsNamed, readXmlTree, textOf, type XmlElement } from '../xml/xml-tree.ts';
import { ZipPackage } from '../zip/zip-package.ts';
import { odtBlocks } from './odt-blocks.ts';

/** Texts of LibreOffice and its kin: headings, paragraphs, lists, tables. */
export const odtFormat: Format = {
  name: 'OpenDocument',
  async parse(bytes, context) {
    const parts = new ZipPackage(bytes, context.limits);
    refuseEncrypted(parts);
    const content = treeOf(parts, 'content.xml');
    if (!content) throw new ParleyError('document_unreadable', 'The file is no OpenDocument text.');
    const text = elementsNamed(content, 'text')
      .slice(0, 1)
      .flatMap((body) => odtBlocks(body))
      .join('\n\n');
    const meta = treeOf(parts, 'meta.xml');
    const title = findTitle(text) ?? (meta && elementsNamed(meta, 'title').map(textOf)[0]) ?? null;
    const mediaType = 'application/vnd.oasis.opendocument.text';
    return assembleDocument({ mediaType, title, parts: [text] }, context);
  },
};

function treeOf(parts: ZipPackage, name: string): XmlElement | null {
  const bytes = parts.read(name);
  return bytes ? readXmlTree(decodeXml(bytes)) : null;
}

function refuseEncrypted(parts: ZipPackage): void {
  const manifest = treeOf(parts, 'META-INF/manifest.xml');
  if (manifest && elementsNamed(manifest, 'encryption-data').length > 0) {
    throw new ParleyError('document_encrypted', 'The document is protected by a password. Remove it and try again.');
  }
}
