import { scanXml } from './scan-xml.ts';

/** An element of XML; names without prefixes. */
export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: (XmlElement | string)[];
}

/** Reads XML into a tree; for parts that are known to be small, such as a slide. */
export function readXmlTree(xml: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [] };
  const open = [root];
  scanXml(xml, {
    open(name, attributes) {
      const element = { name, attributes, children: [] };
      open.at(-1)?.children.push(element);
      open.push(element);
    },
    text: (text) => void open.at(-1)?.children.push(text),
    close: () => void open.pop(),
  });
  return root;
}

export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter((child) => typeof child !== 'string');
}

/** The first child of this name, or the first below along several names. */
export function childOf(element: XmlElement | null, ...names: string[]): XmlElement | null {
  let found = element;
  for (const name of names) {
    if (!found) return null;
    found = childElements(found).find((child) => child.name === name) ?? null;
  }
  return found;
}

/** All elements of this name at any depth, in order. */
export function elementsNamed(element: XmlElement, name: string, found: XmlElement[] = []): XmlElement[] {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    if (child.name === name) found.push(child);
    elementsNamed(child, name, found);
  }
  return found;
}

export function textOf(element: XmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}
