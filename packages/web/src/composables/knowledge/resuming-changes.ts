import { ParleyError, type DocumentChange } from '@parley/contracts';
import { followDocuments } from '../../api/document-events.ts';
import { wait } from '../wait.ts';

export interface FollowChangesPorts {
  follow: typeof followDocuments;
  /** Resolves after `milliseconds`, sooner when the signal aborts. */
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** `following`: from here on no change is missed until `lost`. */
export type FollowedChanges = { type: 'following' } | { type: 'changes'; changes: DocumentChange[] } | { type: 'lost' };

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
export const followPorts: FollowChangesPorts = { follow: followDocuments, wait };

/**
 * The changes of a base's documents, over as many connections as that takes. Ends quietly when the
 * signal aborts; throws what the server refuses for good.
 */
export async function* resumingChanges(
  baseId: string,
  ports: FollowChangesPorts,
  signal: AbortSignal,
): AsyncGenerator<FollowedChanges> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      let isFirst = true;
      for await (const changes of ports.follow(baseId, signal)) {
        failures = 0;
        if (isFirst) yield { type: 'following' };
        isFirst = false;
        if (changes.length > 0) yield { type: 'changes', changes };
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isForGood(error)) throw error;
    }
    yield { type: 'lost' };
    await ports.wait(Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS), signal);
  }
}

function isForGood(error: unknown): boolean {
  return error instanceof ParleyError && ['knowledge_base_not_found', 'not_signed_in'].includes(error.code);
}
