import { isElement, isText, type PageElement, type PageNode } from './page-node.ts';
import { blocksWithin } from './block-elements.ts';
import { inlineText, tidyInline } from './inline-text.ts';
import { tableBlocks } from './table-blocks.ts';

/** Deeper elements are read as one run of text: whoever nests so deep has no structure to keep. */
const MAX_DEPTH = 200;
/** Nobody sees these, but a search would stumble over them, and text can hide in them. */
const INVISIBLE = /[\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\uFEFF\u{E0000}-\u{E007F}]/gu;

/** The text of the elements as Markdown-like blocks, a blank line between them. */
export function toMarkdown(elements: readonly PageElement[]): string {
  const blocks = elements.flatMap((element) => new MarkdownWriter(element).write());
  return blocks.join('\n\n').replaceAll(INVISIBLE, '').trim();
}

/** Writes one element. Holds which elements have blocks inside, found once for all of them. */
class MarkdownWriter {
  readonly #root: PageElement;
  readonly #holdsBlocks: ReadonlySet<PageElement>;

  constructor(root: PageElement) {
    this.#root = root;
    this.#holdsBlocks = blocksWithin(root);
  }

  write(): string[] {
    return this.#blockOf(this.#root, 0);
  }

  #blockOf(element: PageElement, depth: number): string[] {
    if (depth > MAX_DEPTH) return toParagraphs(element.textContent ?? '');
    const { tagName } = element;
    if (/^H[1-6]$/.test(tagName)) return headingBlock(element);
    if (tagName === 'PRE') return codeBlock(element);
    if (tagName === 'UL' || tagName === 'OL') return this.#listBlock(element, depth);
    if (tagName === 'TABLE') return tableBlocks(element) ?? this.#children(element, depth);
    if (tagName === 'BLOCKQUOTE') return quoteBlock(this.#children(element, depth));
    return this.#children(element, depth);
  }

  /** Runs of inline text become paragraphs between the blocks. */
  #children(element: PageElement, depth: number): string[] {
    const blocks: string[] = [];
    let inline = '';
    for (const child of element.childNodes) {
      if (!this.#isBlock(child)) {
        inline += inlineText(child);
        continue;
      }
      blocks.push(...toParagraphs(inline), ...this.#blockOf(child, depth + 1));
      inline = '';
    }
    return [...blocks, ...toParagraphs(inline)];
  }

  #isBlock(node: PageNode): node is PageElement {
    return isElement(node) && this.#holdsBlocks.has(node);
  }

  #listBlock(list: PageElement, depth: number): string[] {
    let number = Number(list.getAttribute('start') ?? 1) || 1;
    const items: string[] = [];
    for (const child of list.childNodes) {
      const blocks = isElement(child)
        ? this.#blockOf(child, depth + 1)
        : isText(child)
          ? toParagraphs(inlineText(child))
          : [];
      if (blocks.length === 0) continue;
      const mark = list.tagName === 'OL' ? `${number}. ` : '- ';
      items.push(mark + joinItem(blocks).replaceAll('\n', `\n${' '.repeat(mark.length)}`));
      number += 1;
    }
    return items.length === 0 ? [] : [items.join('\n')];
  }
}

// A blank line inside an item would be filled with blanks by the indent, and then is none.
function joinItem(blocks: readonly string[]): string {
  return blocks.join('\n').replaceAll(/\n{2,}/g, '\n');
}

function headingBlock(heading: PageElement): string[] {
  const words = tidyInline(inlineText(heading)).replaceAll('\n', ' ');
  return words === '' ? [] : [`${'#'.repeat(Number(heading.tagName[1]))} ${words}`];
}

function codeBlock(element: PageElement): string[] {
  const code = (element.textContent ?? '').replace(/^\n/, '').trimEnd();
  if (code === '') return [];
  const classes = `${element.getAttribute('class') ?? ''} ${element.querySelector('code')?.getAttribute('class') ?? ''}`;
  const language = /\blang(?:uage)?-([\w+#-]+)/.exec(classes)?.[1] ?? '';
  const longest = code.matchAll(/`+/g).reduce((most, [ticks]) => Math.max(most, ticks.length), 2);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}\n${code}\n${fence}`];
}

function quoteBlock(blocks: readonly string[]): string[] {
  return blocks.length === 0 ? [] : [blocks.join('\n\n').replaceAll(/^/gm, '> ')];
}

/** A paragraph's text; a line that would be read as a heading or a fence is kept from it. */
function toParagraphs(inline: string): string[] {
  const text = tidyInline(inline).replaceAll(/^(?=#{1,6}\s|```|~~~)/gm, '\\');
  return text === '' ? [] : [text];
}
