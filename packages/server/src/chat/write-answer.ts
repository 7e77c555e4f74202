import type { FastifyBaseLogger } from 'fastify';
import { ParleyError, type AnswerError, type ChatEvent } from '@parley/contracts';
import { asParleyError, untilAborted } from '@parley/service-kit';
import type { ConversationsRepository } from '../conversations/conversations.repository.ts';
import type { AnswerEnd } from '../conversations/message-row.ts';
import type { MessagesRepository } from '../conversations/messages.repository.ts';
import type { AnswerEvent } from '@parley/rag';
import type { AnswerModel, AnswerTask } from './answer-model.ts';
import { AnswerRecorder } from './answer-recorder.ts';
import type { AnswerRun, EndStatus } from './answer-run.ts';

export interface WriteAnswerTools {
  answerModel: AnswerModel;
  messages: MessagesRepository;
  conversations: ConversationsRepository;
  toTitle: (question: string) => string;
  now: () => number;
  logger: FastifyBaseLogger;
}

/**
 * Runs the chain to its end, apart from any response: each event into the run's log and the
 * stored row, then the end into both, however it came. Never rejects.
 */
export async function writeAnswer(run: AnswerRun, task: AnswerTask, tools: WriteAnswerTools): Promise<void> {
  const { messageId } = run.identity;
  const recorder = new AnswerRecorder({ ...tools, messageId, onFailure: (error) => run.fail(error) });
  const outcome = await runChain(run, task, { ...tools, recorder });
  const end = await storeEnd(run, outcome, { ...tools, recorder });
  if (end.error) run.log.append({ type: 'error', message_id: messageId, error: end.error });
  const title = end.error?.code === 'storage_failed' ? null : await nameConversation(run, task.question, tools);
  if (title) run.log.append(title);
  const { status, finish_reason, usage, timings } = end;
  run.log.append({ type: 'done', message_id: messageId, status, finish_reason, usage, timings });
  run.finish(status);
  tools.logger.info({ ...run.identity, status, code: end.error?.code, ...timings }, 'answer ended');
}

interface Outcome {
  status: EndStatus;
  error: AnswerError | null;
}

type Writing = WriteAnswerTools & { recorder: AnswerRecorder };

async function runChain(
  run: AnswerRun,
  task: AnswerTask,
  { answerModel, recorder, logger }: Writing,
): Promise<Outcome> {
  try {
    for await (const event of untilAborted(answerModel.answer(task, run.signal), run.signal)) {
      recorder.take(event);
      if (event.type !== 'finish' && event.type !== 'trace') run.log.append(toChatEvent(event, run.identity.messageId));
    }
    if (recorder.isWhole) return { status: 'complete', error: null };
    throw run.failure ?? new ParleyError('stream_interrupted', 'The answer broke off before it was complete.');
  } catch (error) {
    if (run.stoppedAs) return { status: run.stoppedAs, error: null };
    const reason = run.failure ?? error;
    logger.warn({ err: reason, ...run.identity }, 'answer failed');
    return { status: 'failed', error: toAnswerError(reason) };
  }
}

async function storeEnd(run: AnswerRun, outcome: Outcome, { recorder, logger }: Writing): Promise<AnswerEnd> {
  try {
    return await recorder.finish(outcome);
  } catch (error) {
    logger.error({ err: error, ...run.identity }, 'answer could not be stored');
    const timings = { first_token_ms: null, total_ms: null };
    return { status: 'failed', error: toAnswerError(error), finish_reason: null, usage: null, sources: [], timings };
  }
}

async function nameConversation(run: AnswerRun, question: string, tools: WriteAnswerTools): Promise<ChatEvent | null> {
  const { messageId, conversationId } = run.identity;
  const title = tools.toTitle(question);
  try {
    const wasTaken = await tools.conversations.nameOnce(conversationId, title);
    return wasTaken ? { type: 'title', message_id: messageId, conversation_id: conversationId, title } : null;
  } catch (error) {
    // The answer is stored; a name that is not must not turn it into a failure. The next exchange tries again.
    tools.logger.warn({ err: error, ...run.identity }, 'conversation could not be named');
    return null;
  }
}

function toChatEvent(event: Exclude<AnswerEvent, { type: 'finish' | 'trace' }>, messageId: string): ChatEvent {
  return { ...event, message_id: messageId };
}

function toAnswerError(error: unknown): AnswerError {
  const { code, message, isRetryable } = asParleyError(error);
  return { code, message, retryable: isRetryable };
}
