import type { ParsedDocument } from '../../../parsing/reader-events.ts';
import type { ParseContext, ParseLimits } from '../format.ts';
import { formatFor } from '../index.ts';

export interface FileToParse {
  name: string;
  content: string | Uint8Array;
  mediaType?: string;
  select?: readonly string[];
  limits?: Partial<ParseLimits>;
}

const LIMITS: ParseLimits = { maxTextLength: 5_000_000, maxUnpackedBytes: 200 * 1024 * 1024, maxEntries: 10_000 };

/** Reads a file as a reader process would, in this process. */
export async function parseFile({
  name,
  content,
  mediaType,
  select = [],
  limits,
}: FileToParse): Promise<ParsedDocument> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const format = formatFor({ name, mediaType: mediaType ?? null, bytes });
  if (!format) throw new Error(`${name} has no format`);
  const context: ParseContext = { name, select, limits: { ...LIMITS, ...limits }, progress: () => undefined };
  return format.parse(bytes, context);
}
