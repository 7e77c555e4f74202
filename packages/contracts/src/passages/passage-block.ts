/**
 * How retrieved passages stand in a prompt. One owner, because two rooms must agree: `rag` writes
 * the block, the `extractive` engine reads it, and any model sees a plain fence between what the
 * person asks and what a document says.
 */
export interface PromptPassage {
  /** The number that the answer cites as `[index]`. */
  index: number;
  title: string;
  text: string;
}

const FENCE_END = '\n</passage>';
const FENCE = /<passage index="(\d+)" title="([^"]*)">\n([\s\S]*?)\n<\/passage>/g;

/** Passages to prompt text. What could close the fence inside a passage is defused. */
export function toPassageBlock(passages: readonly PromptPassage[]): string {
  return passages
    .map(
      ({ index, title, text }) =>
        `<passage index="${index}" title="${escapeTitle(title)}">\n${defuse(text)}\n</passage>`,
    )
    .join('\n\n');
}

/** Prompt text to passages, in order; empty when there are none. */
export function fromPassageBlock(prompt: string): PromptPassage[] {
  return [...untilLastFence(prompt).matchAll(FENCE)].map(([, index, title, text]) => ({
    index: Number(index),
    title: (title ?? '').replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    text: text ?? '',
  }));
}

/** Prompt text with its passages taken out. */
export function withoutPassageBlock(prompt: string): string {
  const fenced = untilLastFence(prompt);
  return fenced.replaceAll(FENCE, '') + prompt.slice(fenced.length);
}

// Behind the last end of a fence nothing can match; searched all the same, a long text of opened
// fences would take time that grows with the square of its length.
function untilLastFence(prompt: string): string {
  const end = prompt.lastIndexOf(FENCE_END);
  return end === -1 ? '' : prompt.slice(0, end + FENCE_END.length);
}

function escapeTitle(title: string): string {
  return defuse(title).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll(/\s+/g, ' ');
}

function defuse(text: string): string {
  return text.replaceAll(/<(\/?passage)/gi, '‹$1');
}
