import { ParleyError } from '@parley/contracts';
import { resolvePart } from '../office-relations.ts';
import { decodeXml } from '../xml/decode-xml.ts';
import { childElements, elementsNamed, readXmlTree, textOf, type XmlElement } from '../xml/xml-tree.ts';
import type { ZipPackage } from '../zip/zip-package.ts';

/** A book as its package file describes it; chapters and contents are names of parts. */
export interface Book {
  title: string | null;
  language: string | null;
  /** In reading order. */
  chapters: string[];
  /** The table of contents: of EPUB 3, and of EPUB 2. */
  navigation: string | null;
  ncx: string | null;
}

const READABLE = new Set(['application/xhtml+xml', 'text/html', 'text/x-oeb1-document']);

export function readBook(parts: ZipPackage): Book {
  const container = parts.read('META-INF/container.xml');
  const [root] = container ? elementsNamed(readXmlTree(decodeXml(container)), 'rootfile') : [];
  const name = resolvePart('', root?.attributes['full-path'] ?? '');
  const bytes = parts.read(name);
  if (!bytes) throw new ParleyError('document_unreadable', 'The file is no EPUB book, though it is called one.');
  const tree = readXmlTree(decodeXml(bytes));
  const items = readManifest(tree, name.slice(0, name.lastIndexOf('/') + 1));
  const spine = elementsNamed(tree, 'spine')[0];
  return {
    title: firstText(tree, 'title'),
    language: firstText(tree, 'language'),
    chapters: chaptersOf(spine, items),
    navigation: items.values().find(({ properties }) => properties.includes('nav'))?.part ?? null,
    ncx: items.get(spine?.attributes['toc'] ?? '')?.part ?? null,
  };
}

interface ManifestItem {
  part: string;
  mediaType: string;
  properties: string[];
}

function readManifest(tree: XmlElement, folder: string): Map<string, ManifestItem> {
  const items = elementsNamed(tree, 'manifest').flatMap(childElements);
  return new Map(
    items.map(({ attributes }) => [
      attributes['id'] ?? '',
      {
        part: resolvePart(folder, decodeSteps(attributes['href'] ?? '')),
        mediaType: attributes['media-type'] ?? '',
        properties: (attributes['properties'] ?? '').split(/\s+/),
      },
    ]),
  );
}

function chaptersOf(spine: XmlElement | undefined, items: ReadonlyMap<string, ManifestItem>): string[] {
  const listed = elementsNamed(spine ?? { name: '', attributes: {}, children: [] }, 'itemref');
  return listed.flatMap(({ attributes }) => {
    const item = items.get(attributes['idref'] ?? '');
    return item && READABLE.has(item.mediaType) && !item.properties.includes('nav') ? [item.part] : [];
  });
}

function firstText(tree: XmlElement, name: string): string | null {
  const [element] = elementsNamed(tree, name);
  return (element && textOf(element).trim()) || null;
}

/** References in books are addresses: blanks and Chinese names are escaped. */
export function decodeSteps(reference: string): string {
  const path = reference.split('#')[0] ?? '';
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
