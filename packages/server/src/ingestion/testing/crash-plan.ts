/** Bases of the crash test: one with vectors, whose model changes, and one of words alone. */
export const BASES: readonly string[] = ['meaning', 'words'];
/** Files of each base. */
export const FILES = 12;

/** Words that each stand once in a file, as many as it has paragraphs; most change now and then, some never. */
export function fileMarks(baseId: string, file: number, round: number): string[] {
  const paragraphs = 3 + ((file * 37) % 11) ** 2;
  const age = file % 3 === 0 ? 0 : Math.floor((round + file) / 4);
  return Array.from({ length: paragraphs }, (_, place) => {
    const isChanged = (place + age) % 3 === 0;
    return `mark${baseId}${file}x${place}x${isChanged ? age : 0}`;
  });
}

export function fileText(baseId: string, file: number, round: number): string {
  const filler = 'The quick brown fox jumps over the lazy dog near the river bank. '.repeat(6);
  return fileMarks(baseId, file, round)
    .map((mark) => `This paragraph is known as ${mark}. ${filler}`)
    .join('\n\n');
}

export function modelOf(baseId: string, round: number): string | null {
  if (baseId === 'words') return null;
  return Math.floor(round / 7) % 2 === 0 ? 'fake-8' : 'fake-12';
}
