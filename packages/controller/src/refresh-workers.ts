import type { PollWorker } from './poll-worker.ts';
import type { RegisteredWorker, WorkerRegistry } from './worker-registry.ts';

/**
 * Asks all workers at once what they serve, and drops those that fail. The table is never emptied
 * meanwhile: requests go on being dispatched. Answers who was dropped.
 */
export async function refreshWorkers(registry: WorkerRegistry, pollWorker: PollWorker): Promise<string[]> {
  const dropped: string[] = [];
  const refresh = async (worker: RegisteredWorker) => {
    const { worker_name, isBeating } = worker;
    const status = await pollWorker(worker_name).catch(() => null);
    // It left or registered again meanwhile, which is newer than its answer.
    if (!registry.workers.includes(worker)) return;
    if (status !== null) registry.register({ worker_name, status, isBeating });
    else if (registry.unregister(worker_name)) dropped.push(worker_name);
  };
  await Promise.all(registry.workers.map(refresh));
  return dropped;
}
