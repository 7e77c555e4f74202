import { Child } from '../../processes/child.ts';
import { askWorker } from '../streamed-answer.ts';
const file = '/work/main/node_modules/.cache/benchmarks/random-88m-q8.gguf';
const SECRET = 'secret-of-this-benchmark';
const p = (n: string) => new URL(`../programs/${n}.ts`, import.meta.url);
const worker = await Child.start(p('worker'), { secret: SECRET, model: { name: 'random', model_path: file, parallel: 8, context_length: 4096 } });
const direct = await Child.start(p('direct'), { file, contextSize: 4096, sequences: 8 });
const asked = { address: worker.address, secret: SECRET, model: 'random' };
const med = (v: number[]) => v.toSorted((a, b) => a - b)[Math.floor(v.length / 2)]!;
const out: any = {};
const ratios: any = {};
for (let pass = -1; pass < Number(process.argv[2] ?? 4); pass++) for (const n of [16, 96, 288]) {
  const t = performance.now();
  const r = await askWorker(asked, { messages: [{ role: 'user', content: `Count the sheep of pass ${pass} 0` }], maxTokens: n });
  const w = performance.now() - t;
  const d = (await direct.work({ parallel: 1, rounds: 1, maxTokens: n, prompt: `Count the sheep of pass ${pass}` })) as any;
  if (pass < 0) continue;
  (out['w' + n] ??= []).push(w); (out['d' + n] ??= []).push(d.ms); (out['f' + n] ??= []).push(r.firstTokenMs);
  (ratios[n] ??= []).push((r.tokens / w) / (d.tokens / d.ms));
}
const m = Object.fromEntries(Object.entries(out).map(([k, v]) => [k, Math.round(med(v as number[]) * 10) / 10]));
console.log(JSON.stringify(m), 'slope w', ((m.w288 - m.w96) / 192).toFixed(2), 'd', ((m.d288 - m.d96) / 192).toFixed(2), 'ratios', Object.entries(ratios).map(([k, v]) => k + ':' + med(v as number[]).toFixed(3)).join(' '));
worker.stop(); direct.stop();
