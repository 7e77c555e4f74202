import { sourceSchema, type Source } from '@parley/contracts';

/** A source for tests: of a document `d`, unless told otherwise. */
export function makeSource(part: Partial<Source> = {}): Source {
  const plain = { index: 1, document_id: 'd', title: 'T', heading_path: [], start: 0, end: 0, quote: '', score: 1 };
  return sourceSchema.parse({ ...plain, ...part });
}
