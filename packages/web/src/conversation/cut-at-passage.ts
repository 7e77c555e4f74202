import type { Source } from '@parley/contracts';

/** A run of text of one look. All pieces together are the document's text, character by character. */
export interface DocumentPiece {
  kind: 'text' | 'heading' | 'strong' | 'code' | 'mark';
  text: string;
}

export interface CutDocument {
  before: DocumentPiece[];
  passage: DocumentPiece[];
  after: DocumentPiece[];
  /** The document no longer has the quoted words at that place, so that nothing can be marked. */
  isChanged: boolean;
}

/** Whether the quoted words stand at exactly the place that a source names. */
export function hasQuoteAt(text: string, { start, end, quote }: Pick<Source, 'start' | 'end' | 'quote'>): boolean {
  return text.slice(start, end) === quote;
}

/** Cuts a document at exactly the passage that a source names. */
export function cutAtPassage(text: string, source: Pick<Source, 'start' | 'end' | 'quote'>): CutDocument {
  const { start, end, quote } = source;
  const isChanged = !hasQuoteAt(text, source);
  const pieces = toPieces(text);
  if (isChanged || quote === '') return { before: pieces, passage: [], after: [], isChanged };
  return {
    before: slicePieces(pieces, 0, start),
    passage: slicePieces(pieces, start, end),
    after: slicePieces(pieces, end, text.length),
    isChanged,
  };
}

/** Markdown source as pieces: its marks are kept, so that offsets hold, and shown quieter than its words. */
function toPieces(text: string): DocumentPiece[] {
  let isCode = false;
  return text.split(/(?<=\n)/).flatMap((line): DocumentPiece[] => {
    if (/^ {0,3}(?:```|~~~)/.test(line)) {
      isCode = !isCode;
      return [{ kind: 'mark', text: line }];
    }
    if (isCode) return [{ kind: 'code', text: line }];
    const heading = /^(#{1,6}\s+)(.*\n?)$/.exec(line);
    if (heading)
      return [
        { kind: 'mark', text: heading[1] ?? '' },
        { kind: 'heading', text: heading[2] ?? '' },
      ];
    return toInlinePieces(line);
  });
}

function toInlinePieces(line: string): DocumentPiece[] {
  return line.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*)/).flatMap((part, index): DocumentPiece[] => {
    if (part === '') return [];
    if (index % 2 === 0) return [{ kind: 'text', text: part }];
    const mark = part.startsWith('`') ? '`' : '**';
    const kind = mark === '`' ? 'code' : 'strong';
    const words = part.slice(mark.length, -mark.length);
    return [
      { kind: 'mark', text: mark },
      { kind, text: words },
      { kind: 'mark', text: mark },
    ];
  });
}

function slicePieces(pieces: readonly DocumentPiece[], start: number, end: number): DocumentPiece[] {
  let offset = 0;
  return pieces.flatMap((piece) => {
    const from = offset;
    offset += piece.text.length;
    const text = piece.text.slice(Math.max(0, start - from), Math.max(0, end - from));
    return text === '' ? [] : [{ ...piece, text }];
  });
}
