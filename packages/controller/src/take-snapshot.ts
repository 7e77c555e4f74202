import type { RegistrySnapshot } from '@parley/contracts';
import type { ExpectedModels } from './expected-models.ts';
import type { LeaseBook } from './lease-book.ts';
import type { WorkerRegistry } from './worker-registry.ts';

interface SnapshotParts {
  registry: WorkerRegistry;
  leases: LeaseBook;
  expectedModels: ExpectedModels;
  now: () => number;
}

/** The registry as others see it, at this moment. */
export function takeSnapshot({ registry, leases, expectedModels, now }: SnapshotParts): RegistrySnapshot {
  const workers = registry.workers.map((worker) => ({
    worker_name: worker.worker_name,
    model_names: [...worker.models],
    speed: worker.speed,
    concurrency: worker.concurrency,
    in_flight: leases.inFlight(worker.worker_name),
    queue_length: worker.queue_length,
    last_heart_beat_ms_ago: Math.max(0, Math.round(now() - worker.lastBeatAt)),
  }));
  return { workers, expected_models: expectedModels.names };
}
