import { ParleyError, type ChatEvent } from '@parley/contracts';
import type { NumberedEvent } from '../api/read-events.ts';

/**
 * What following an answer yields: its events; `connection-lost` before each attempt to resume;
 * `replay` when what follows is the answer from its beginning.
 */
export type FollowedEvent = ChatEvent | { type: 'connection-lost' } | { type: 'replay' };

export interface FollowPorts {
  follow: (messageId: string, lastEventId: string | null, signal: AbortSignal) => AsyncIterable<NumberedEvent>;
  /** Resolves after `milliseconds`, sooner when the signal aborts or the browser comes online. */
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;

interface Seen {
  messageId: string | null;
  lastEventId: string | null;
  /** Connections in a row that brought nothing. */
  failures: number;
  isDone: boolean;
}

/**
 * The events of an answer until its end, over as many connections as that takes. `first` is the
 * stream that started the answer, or the id of one that is being written already. Ends quietly
 * when the signal aborts; throws what the server answers for good, and `server_unreachable` when
 * the first connection broke before the answer had an id.
 */
export async function* resumingEvents(
  first: AsyncIterable<NumberedEvent> | string,
  ports: FollowPorts,
  signal: AbortSignal,
): AsyncGenerator<FollowedEvent> {
  const isFollowing = typeof first === 'string';
  const seen: Seen = { messageId: isFollowing ? first : null, lastEventId: null, failures: 0, isDone: false };
  if (!isFollowing) yield* readUntilLost(first, seen, signal);
  let isResuming = !isFollowing;
  while (!seen.isDone && !signal.aborted) {
    if (seen.messageId === null) {
      throw new ParleyError('server_unreachable', 'The connection broke before the answer began.');
    }
    if (isResuming) {
      yield { type: 'connection-lost' };
      await ports.wait(Math.min(FIRST_WAIT_MS * 2 ** seen.failures, LONGEST_WAIT_MS), signal);
    }
    if (seen.lastEventId === null) yield { type: 'replay' };
    isResuming = true;
    seen.failures += 1;
    yield* readUntilLost(ports.follow(seen.messageId, seen.lastEventId, signal), seen, signal);
  }
}

async function* readUntilLost(
  connection: AsyncIterable<NumberedEvent>,
  seen: Seen,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent> {
  try {
    for await (const { id, event } of connection) {
      seen.messageId = event.message_id;
      seen.lastEventId = id ?? seen.lastEventId;
      seen.failures = 0;
      seen.isDone = event.type === 'done';
      yield event;
      if (seen.isDone) return;
    }
  } catch (error) {
    if (!signal.aborted && !isConnectionLoss(error)) throw error;
  }
}

function isConnectionLoss(error: unknown): boolean {
  return !(error instanceof ParleyError) || error.code === 'server_unreachable';
}
