import { startController } from '@parley/controller';
import { serveParent } from '../../processes/serve-parent.ts';

await serveParent(async ({ secret, worker }: { secret: string; worker: string }) => {
  const { address } = await startController({ port: 0, secret, log_level: 'warn' });
  await fetch(`${address}/register_worker`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      worker_name: worker,
      check_heart_beat: false,
      worker_status: { model_names: ['mock'], speed: 1, queue_length: 0 },
    }),
  });
  return { address };
});
