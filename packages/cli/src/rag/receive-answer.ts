import { ParleyError, type AnswerError, type RetrievalTrace, type Source, type Usage } from '@parley/contracts';
import type { AnswerEvent } from '@parley/rag';

/** An answer from documents, as far as it came. */
export interface ReceivedAnswer {
  answer: string;
  status: 'complete' | 'stopped' | 'failed';
  sources: Source[];
  /** What the search lacked. */
  alarms: RetrievalTrace['alarms'];
  usage: Usage | null;
  error: AnswerError | null;
}

/** Reads an answer to its end, which may be a stop or a failure: what came before is kept. */
export async function receiveAnswer(
  events: AsyncIterable<AnswerEvent>,
  onText: (text: string) => void,
): Promise<ReceivedAnswer> {
  const received: ReceivedAnswer = {
    answer: '',
    status: 'failed',
    sources: [],
    alarms: [],
    usage: null,
    error: null,
  };
  try {
    for await (const event of events) {
      record(received, event);
      if (event.type === 'text-delta') onText(event.text);
    }
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    if (error.code === 'request_aborted') received.status = 'stopped';
    else received.error = { code: error.code, message: error.message, retryable: error.isRetryable };
  }
  return received;
}

function record(received: ReceivedAnswer, event: AnswerEvent): void {
  if (event.type === 'sources') received.sources = event.sources;
  else if (event.type === 'trace') received.alarms = event.trace.alarms;
  else if (event.type === 'text-delta') received.answer += event.text;
  else if (event.type === 'finish') {
    received.usage = event.usage;
    received.status = 'complete';
  }
}
