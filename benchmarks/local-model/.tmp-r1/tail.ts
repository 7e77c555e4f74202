import { Child } from '../../processes/child.ts';
import { callHttp, readEventStream } from '@parley/service-kit';
const file = '/work/main/node_modules/.cache/benchmarks/random-88m-q8.gguf';
const SECRET = 'secret-of-this-benchmark';
const p = (n: string) => new URL(`../programs/${n}.ts`, import.meta.url);
const worker = await Child.start(p('worker'), { secret: SECRET, model: { name: 'random', model_path: file, parallel: 8, context_length: 4096 } });
for (let k = 0; k < 5; k++) {
  const t0 = performance.now();
  const a = await callHttp({ url: `${worker.address}/v1/chat/completions`, headers: { authorization: `Bearer ${SECRET}` }, headersTimeoutMs: 0, body: { model: 'random', messages: [{ role: 'user', content: `Count the sheep of pass ${k < 3 ? k : 3} 0` }], max_tokens: 96, stream: true, stream_options: { include_usage: true } } }, 'worker_unreachable');
  const head = performance.now() - t0; let ev: [number, string][] = [];
  for await (const { data } of readEventStream(a.body)) ev.push([performance.now() - t0, data.slice(0, 30) === '[DONE]' ? data : (JSON.stringify(JSON.parse(data).choices[0]?.delta ?? JSON.parse(data).usage))]);
  const gaps = ev.map(([t], i) => t - (ev[i - 1]?.[0] ?? 0));
  console.log('head', head.toFixed(1), 'first', ev[1]![0].toFixed(1), 'events', ev.length, 'median gap', gaps.toSorted((a, b) => a - b)[48]!.toFixed(2), 'tail', ev.slice(-4).map(([t, d]) => t.toFixed(1) + ' ' + d.slice(0, 40)).join(' | '), 'max gaps', gaps.map((g, i) => [g, i]).toSorted((a, b) => b[0]! - a[0]!).slice(0, 6).map(([g, i]) => i + ':' + g!.toFixed(1)).join(' '));
}
worker.stop();
