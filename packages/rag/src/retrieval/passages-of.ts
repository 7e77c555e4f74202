import type { FindPassages } from './find-passages.ts';
import { fuseRanks } from './fuse-ranks.ts';
import { packPassages, type PackLimits } from './pack-passages.ts';
import type { PassageIndex } from './passage-index.ts';

/** Reads a document's stored text again; null when there is no such document (any more). */
export type ReadDocumentText = (documentId: string) => string | null | Promise<string | null>;

const DEFAULT_LIMITS: PackLimits = { passages: 5, tokens: 1_500 };
/** More are fetched than cited: some do not fit, some may no longer stand in their document. */
const FETCH_FACTOR = 3;

/**
 * A search over one index, for documents that are in no knowledge base: the guide, the files of a
 * command. `limits` by default: 5 passages of 1,500 tokens together. Keeps no trace.
 */
export function passagesOf(
  index: PassageIndex,
  readText: ReadDocumentText,
  limits: Partial<PackLimits> = {},
): FindPassages {
  const { passages, tokens } = { ...DEFAULT_LIMITS, ...limits };
  return async (queries) => {
    const found = await Promise.all(queries.map((query) => index.search(query, { limit: passages * FETCH_FACTOR })));
    const { sources } = await packPassages(
      fuseRanks(found),
      async ({ documentId, start, end }) => (await readText(documentId))?.slice(start, end) ?? null,
      { passages, tokens },
    );
    return { sources, trace: null };
  };
}
