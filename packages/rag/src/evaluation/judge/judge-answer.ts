import { ParleyError, type ChatCompletionRequest } from '@parley/contracts';
import { detectLanguage } from '@parley/text';
import type { StreamCompletion } from '../../models/stream-completion.ts';
import { JUDGE_PROMPTS } from './judge-prompts.ts';
import { readGrade } from './read-grade.ts';

export interface JudgedAnswer {
  question: string;
  references: readonly string[];
  answer: string;
}

/** What became of the judgement of one answer. Only `graded` has a grade, 0 to 1; none is ever made up. */
export type Verdict =
  | { outcome: 'graded'; grade: number; reply: string }
  /** The model would not judge. */
  | { outcome: 'refused'; reply: string }
  /** It said something that holds no grade. */
  | { outcome: 'unreadable'; reply: string }
  /** It could not be asked, or broke off. */
  | { outcome: 'failed'; reply: string };

export interface Judge {
  /** The judging model's name at the gateway. */
  model: string;
  complete: StreamCompletion;
}

/** Room for the reasons, and for a model that thinks aloud before them. */
const MAX_TOKENS = 4_000;
/** What no provider takes back by itself: without them every further question would fail too. */
const FINAL = new Set(['model_not_found', 'model_needs_key', 'provider_key_refused', 'provider_quota_exceeded']);

/**
 * Has a model grade an answer against its references, in the language of the question. A failure
 * that may concern this one answer only is a verdict; throws `ParleyError` for one that would meet
 * every answer, and `request_aborted`.
 */
export async function judgeAnswer(item: JudgedAnswer, judge: Judge, signal: AbortSignal): Promise<Verdict> {
  try {
    const { reply, reason } = await ask(toRequest(item, judge.model), judge.complete, signal);
    const grade = readGrade(reply);
    if (reason === 'content_filter') return { outcome: 'refused', reply };
    return grade === null ? { outcome: 'unreadable', reply } : { outcome: 'graded', grade, reply };
  } catch (error) {
    if (signal.aborted) throw new ParleyError('request_aborted', 'The judgement was stopped.', { cause: error });
    if (!(error instanceof ParleyError) || FINAL.has(error.code)) throw error;
    return { outcome: error.code === 'content_refused' ? 'refused' : 'failed', reply: error.message };
  }
}

function toRequest({ question, references, answer }: JudgedAnswer, model: string): ChatCompletionRequest {
  const data = JSON.stringify({ question, references, answer }, null, 2);
  return {
    model,
    messages: [
      { role: 'system', content: JUDGE_PROMPTS[detectLanguage(question)] },
      { role: 'user', content: data },
    ],
    temperature: 0,
    max_tokens: MAX_TOKENS,
    stream: true,
  };
}

async function ask(
  request: ChatCompletionRequest,
  complete: StreamCompletion,
  signal: AbortSignal,
): Promise<{ reply: string; reason: string }> {
  let reply = '';
  let reason: string | null = null;
  for await (const { choices } of complete(request, signal)) {
    reply += choices[0]?.delta.content ?? '';
    reason = choices[0]?.finish_reason ?? reason;
  }
  if (reason === null) throw new ParleyError('stream_interrupted', 'The judgement broke off before it was complete.');
  return { reply: reply.trim(), reason };
}
