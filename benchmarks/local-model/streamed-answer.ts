import { callHttp, readEventStream } from '@parley/service-kit';

export interface AskedWorker {
  address: string;
  secret: string;
  model: string;
}

export interface Question {
  messages: { role: string; content: string }[];
  maxTokens: number;
  signal?: AbortSignal;
  /** Called with each piece of text. */
  onText?: () => void;
}

export interface StreamedAnswer {
  tokens: number;
  firstTokenMs: number;
  text: string;
}

/** Asks the worker as the gateway does, and reads the stream to its end. */
export async function askWorker(worker: AskedWorker, question: Question): Promise<StreamedAnswer> {
  const begun = performance.now();
  const body = await openStream(worker, question);
  const result = { tokens: 0, firstTokenMs: Number.NaN, text: '' };
  for await (const { data } of readEventStream(body)) {
    if (data === '[DONE]') return result;
    const chunk = JSON.parse(data) as WireChunk;
    if (chunk.error) throw new Error(chunk.error.message);
    const text = chunk.choices[0]?.delta.content ?? '';
    result.tokens = chunk.usage?.completion_tokens ?? result.tokens;
    if (text === '') continue;
    if (Number.isNaN(result.firstTokenMs)) result.firstTokenMs = performance.now() - begun;
    result.text += text;
    question.onText?.();
  }
  throw new Error('The stream ended before its end.');
}

async function openStream(
  { address, secret, model }: AskedWorker,
  { messages, maxTokens, signal }: Question,
): Promise<AsyncIterable<Uint8Array>> {
  const answer = await callHttp(
    {
      url: `${address}/v1/chat/completions`,
      headers: { authorization: `Bearer ${secret}` },
      body: { model, messages, max_tokens: maxTokens, stream: true, stream_options: { include_usage: true } },
      headersTimeoutMs: 0,
      ...(signal && { signal }),
    },
    'worker_unreachable',
  );
  if (answer.status !== 200) throw new Error(`The worker answered ${answer.status}.`);
  return answer.body;
}

interface WireChunk {
  choices: { delta: { content?: string } }[];
  usage?: { completion_tokens: number } | null;
  error?: { message: string };
}

/** How many requests the worker runs now, those counted that have ended but are still computed in their sequence. */
export async function runningIn({ address, secret }: AskedWorker): Promise<number> {
  const headers = { authorization: `Bearer ${secret}` };
  const response = await fetch(`${address}/worker/status`, { headers });
  const { running, busy_sequences: busy } = (await response.json()) as { running: number; busy_sequences: number };
  return Math.max(running, busy);
}
