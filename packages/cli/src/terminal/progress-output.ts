/** Where progress is shown: standard error. */
export type ProgressOutput = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>;

export const ERASE_LINE = '\r\u001B[2K';

/** As much of a line as fits the terminal, wide characters counted twice: a longer one would leave its beginning behind. */
export function toOneLine(line: string, { columns }: Pick<ProgressOutput, 'columns'>): string {
  const cells = Math.max(20, (columns || 80) - 1);
  let used = 0;
  let text = '';
  for (const character of line) {
    used += character.charCodeAt(0) > 0x2e_7f ? 2 : 1;
    if (used > cells) return text;
    text += character;
  }
  return text;
}
