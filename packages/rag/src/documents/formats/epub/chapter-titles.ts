import { resolvePart } from '../office-relations.ts';
import { decodeXml } from '../xml/decode-xml.ts';
import { childOf, elementsNamed, readXmlTree, textOf, type XmlElement } from '../xml/xml-tree.ts';
import type { ZipPackage } from '../zip/zip-package.ts';
import { decodeSteps, type Book } from './read-book.ts';

/** What the table of contents calls each part; of several entries in one part, the first. */
export function chapterTitles(parts: ZipPackage, { navigation, ncx }: Book): Map<string, string> {
  const titles = new Map<string, string>();
  const name = navigation ?? ncx;
  const bytes = name === null ? null : parts.read(name);
  if (name === null || !bytes) return titles;
  const tree = readXmlTree(decodeXml(bytes));
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  for (const { reference, title } of navigation === null ? ncxEntries(tree) : navigationEntries(tree)) {
    const part = resolvePart(folder, decodeSteps(reference));
    if (title !== '' && !titles.has(part)) titles.set(part, title);
  }
  return titles;
}

interface ContentsEntry {
  reference: string;
  title: string;
}

function navigationEntries(tree: XmlElement): ContentsEntry[] {
  const lists = elementsNamed(tree, 'nav');
  const contents = lists.find(({ attributes }) => attributes['epub:type'] === 'toc') ?? lists[0];
  const links = contents ? elementsNamed(contents, 'a') : [];
  return links.map((link) => ({ reference: link.attributes['href'] ?? '', title: oneLine(textOf(link)) }));
}

function ncxEntries(tree: XmlElement): ContentsEntry[] {
  return elementsNamed(tree, 'navPoint').map((point) => {
    const label = childOf(point, 'navLabel', 'text');
    const reference = childOf(point, 'content')?.attributes['src'] ?? '';
    return { reference, title: label ? oneLine(textOf(label)) : '' };
  });
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
