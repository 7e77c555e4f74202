import type { AnswerError, Source } from '@parley/contracts';
import type { AppClient } from '../client/app-client.ts';

export interface GivenAnswer {
  model: string;
  text: string;
  status: 'complete' | 'stopped' | 'failed' | 'interrupted';
  sources: Source[];
  error: AnswerError | null;
  total_ms: number | null;
}

export interface AskedQuestion {
  question: string;
  baseIds: readonly string[];
  model: string | null;
}

type Asked = Pick<AppClient, 'chat' | 'stopAnswer' | 'deleteConversation'>;

/** Asks in a conversation of its own, which is gone afterwards. Throws `ParleyError` for a question that is not taken. */
export async function askQuestion(
  app: Asked,
  { question, baseIds, model }: AskedQuestion,
  signal: AbortSignal,
): Promise<GivenAnswer> {
  const answer: GivenAnswer = { model: '', text: '', status: 'interrupted', sources: [], error: null, total_ms: null };
  const ids = { conversation: '', message: '' };
  const stop = () => {
    // Whether it worked, the answer's own end tells.
    if (ids.message) app.stopAnswer(ids.message).catch(() => undefined);
  };
  signal.addEventListener('abort', stop, { once: true });
  const request = {
    query: question,
    conversation_id: '',
    conversation_name: 'parley eval',
    knowledge_bases: [...baseIds],
    model,
  };
  try {
    for await (const event of app.chat(request, new AbortController().signal)) {
      if (event.type === 'start') {
        Object.assign(ids, { conversation: event.conversation_id, message: event.message_id });
        answer.model = event.model;
        if (signal.aborted) stop();
      } else if (event.type === 'text-delta') answer.text += event.text;
      else if (event.type === 'sources') answer.sources = event.sources;
      else if (event.type === 'error') answer.error = event.error;
      else if (event.type === 'done') Object.assign(answer, { status: event.status, total_ms: event.timings.total_ms });
    }
    return answer;
  } finally {
    signal.removeEventListener('abort', stop);
    if (ids.conversation) await app.deleteConversation(ids.conversation);
  }
}
