import type { FastifyReply } from 'fastify';
import { toChatFrame, type ChatEvent } from '@parley/contracts';
import { openEventStream, readerGone } from '@parley/service-kit';
import type { StoredMessage } from '../conversations/message-row.ts';
import { AnswerRun } from './answer-run.ts';

/**
 * Streams an answer to one reader, from after the event that it saw last; null: from the
 * beginning. A reader that leaves ends only this.
 */
export async function followAnswer(
  reply: FastifyReply,
  answer: AnswerRun | StoredMessage,
  lastSeen: number | null,
): Promise<void> {
  const gone = readerGone(reply);
  const stream = openEventStream(reply);
  if (answer instanceof AnswerRun) {
    // A place that the log has not reached would skip what comes next.
    const after = Math.min(lastSeen ?? 0, answer.log.lastSequence);
    for await (const { sequence, value } of answer.log.follow(after, gone)) {
      await stream.write({ id: sequence, ...toChatFrame(value) });
    }
  } else {
    for (const event of toStoredEvents(answer, lastSeen !== null)) await stream.write(toChatFrame(event));
  }
  stream.end();
}

/** A stored answer as events. Somebody who had begun to read gets a text that replaces what it has. */
function toStoredEvents(message: StoredMessage, hasBegun: boolean): ChatEvent[] {
  const { id: message_id, content, reasoning, sources, error, status, usage, finish_reason } = message;
  const events: ChatEvent[] = [];
  if (hasBegun) events.push({ type: 'snapshot', message_id, content });
  else if (reasoning) events.push({ type: 'reasoning-delta', message_id, reasoning });
  if (!hasBegun && content !== '') events.push({ type: 'text-delta', message_id, text: content });
  if (sources.length > 0) events.push({ type: 'sources', message_id, sources });
  if (error) events.push({ type: 'error', message_id, error });
  const timings = message.timings ?? { first_token_ms: null, total_ms: null };
  // `streaming` cannot stand here: what nobody writes is shown as interrupted.
  const ended = status === 'streaming' ? 'interrupted' : status;
  events.push({ type: 'done', message_id, status: ended, finish_reason, usage, timings });
  return events;
}
