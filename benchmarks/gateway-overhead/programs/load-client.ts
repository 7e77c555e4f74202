import { Agent } from 'undici';
import { serveParent } from '../../processes/serve-parent.ts';

export interface LoadTask {
  address: string;
  isStream: boolean;
  connections: number;
  /** Over all connections. */
  requests: number;
}

const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

await serveParent(async () => ({ work: (task) => load(task as LoadTask) }));

/** Sends the requests, each connection one after another. Answers the latencies' median, and how many failed. */
async function load(task: LoadTask): Promise<{ p50: number; failed: number }> {
  const latencies: number[] = [];
  let left = task.requests;
  let failed = 0;
  const connection = async () => {
    while (left > 0) {
      left -= 1;
      const startedAt = performance.now();
      if (!(await send(task))) failed += 1;
      latencies.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: task.connections }, connection));
  latencies.sort((one, other) => one - other);
  return { p50: latencies[Math.floor(latencies.length / 2)] ?? 0, failed };
}

const messages = [
  { role: 'system', content: 'You answer in a few words, and you say so when you do not know something.' },
  { role: 'user', content: 'What does a request to this gateway cost, compared with a proxy that does nothing else?' },
];
const BODIES = new Map(
  [true, false].map((stream) => [stream, JSON.stringify({ model: 'mock', messages, stream, temperature: 0.7 })]),
);

/** True when the answer came whole: an end of the stream, or a whole JSON answer. */
function send({ address, isStream }: LoadTask): Promise<boolean> {
  return new Promise((resolve) => {
    let end = '';
    let ok = false;
    const headers = ['content-type', 'application/json'];
    const body = BODIES.get(isStream) ?? '';
    agent.dispatch(
      { origin: address, path: '/v1/chat/completions', method: 'POST', headers, body },
      {
        onRequestStart() {},
        onResponseStart: (_, status) => void (ok = status === 200),
        onResponseData: (_, chunk) => void (end = chunk.toString('latin1', Math.max(0, chunk.length - 20))),
        onResponseEnd: () => resolve(ok && end.endsWith(isStream ? 'data: [DONE]\n\n' : '}')),
        onResponseError: () => resolve(false),
      },
    );
  });
}
