import type { MarkdownBlock, Span } from '@parley/text';

/** Blocks that belong together: one list, one table, a code block, a paragraph; with what introduces them. */
export interface BlockGroup extends Span {
  blocks: MarkdownBlock[];
}

/** Groups the blocks of one section, in order. */
export function groupBlocks(text: string, blocks: readonly MarkdownBlock[]): BlockGroup[] {
  const groups: BlockGroup[] = [];
  for (const block of blocks) {
    const open = groups.at(-1);
    const last = open?.blocks.at(-1);
    if (open && last && belongsTo(text, { group: open, last }, block)) {
      open.blocks.push(block);
      open.end = block.end;
    } else groups.push({ start: block.start, end: block.end, blocks: [block] });
  }
  return groups;
}

function belongsTo(text: string, { group, last }: { group: BlockGroup; last: MarkdownBlock }, block: MarkdownBlock) {
  if (last.kind === 'paragraph' && /[:：]\s*$/.test(text.slice(last.start, last.end))) return true;
  if (block.kind === 'table-row') return last.kind === 'table-row';
  const isInList = group.blocks.some(({ kind }) => kind === 'list-item');
  if (!isInList) return false;
  // What is indented below an item (a paragraph, a fenced block) is a part of it.
  return block.kind === 'list-item' || /^\s/.test(text.slice(block.start, block.start + 1));
}
