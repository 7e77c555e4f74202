import type { BaseDocument, DocumentState } from '@parley/contracts';

const WORKING: ReadonlySet<DocumentState> = new Set(['queued', 'fetching', 'parsing', 'splitting', 'embedding']);
const FAILED: ReadonlySet<DocumentState> = new Set(['failed', 'set-aside', 'cancelled']);

export const documentGroups = ['all', 'working', 'ready', 'failed', 'disabled', 'flagged'] as const;
/** What the table can be narrowed to. */
export type DocumentGroup = (typeof documentGroups)[number];

export const isWorking = ({ state }: Pick<BaseDocument, 'state'>) => WORKING.has(state);
export const isFailed = ({ state }: Pick<BaseDocument, 'state'>) => FAILED.has(state);

const tests: Record<DocumentGroup, (document: BaseDocument) => boolean> = {
  all: () => true,
  working: isWorking,
  ready: ({ state }) => state === 'ready',
  failed: isFailed,
  disabled: (document) => !document.is_enabled,
  flagged: ({ flags }) => flags.length > 0,
};

export function isIn(group: DocumentGroup, document: BaseDocument): boolean {
  return tests[group](document);
}

/** How many documents each group has. */
export function countGroups(documents: readonly BaseDocument[]): Record<DocumentGroup, number> {
  const counts = { all: 0, working: 0, ready: 0, failed: 0, disabled: 0, flagged: 0 };
  for (const document of documents) for (const group of documentGroups) if (isIn(group, document)) counts[group] += 1;
  return counts;
}
