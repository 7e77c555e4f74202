/**
 * As much of the DOM as is used here. The types of the browser's DOM are for the browser; linkedom
 * has this part of it under the same names.
 */
export interface PageNode {
  readonly nodeType: number;
  readonly textContent: string | null;
  readonly childNodes: Iterable<PageNode>;
}

export interface PageElement extends PageNode {
  /** Upper case. */
  readonly tagName: string;
  readonly parentElement: PageElement | null;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  contains(other: PageElement): boolean;
  remove(): void;
}

export interface PageDocument extends PageElement {
  readonly documentElement: PageElement;
  cloneNode(deep: boolean): PageDocument;
}

const ELEMENT = 1;
const TEXT = 3;

export function isElement(node: PageNode): node is PageElement {
  return node.nodeType === ELEMENT;
}

export function isText(node: PageNode): boolean {
  return node.nodeType === TEXT;
}

/** Text with each run of white space made one space. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
