import { readFileSync } from 'node:fs';
import { startWorker } from '@parley/worker';
import { serveParent } from '../../processes/serve-parent.ts';

interface Settings {
  secret: string;
  model: Record<string, unknown> & { name: string };
}

type Task = 'memory-before' | 'memory' | 'close';

/** Our worker with its model, on a port of its own. It is closed and its memory told when asked. */
void serveParent(async ({ secret, model }: Settings) => {
  const before = ownMemory();
  const worker = await startWorker({
    secret,
    registers: false,
    controller_url: 'http://127.0.0.1:1',
    log_level: 'silent',
    model: { engine: 'llama-cpp', gpu_layers: 0, num_gpus: 0, threads: 1, ...model } as never,
  });
  return {
    address: worker.address,
    async work(task) {
      if ((task as Task) === 'memory-before') return before;
      if ((task as Task) === 'close') await worker.close();
      return ownMemory();
    },
  };
});

/** Memory that is this process's own, in MiB: without the file, which the system may keep as it likes. */
function ownMemory(): number {
  const kibibytes = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Math.round(Number(kibibytes ?? 0) / 1024);
}
