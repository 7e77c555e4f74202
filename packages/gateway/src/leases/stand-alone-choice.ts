import { ParleyError, type RegistrySnapshot, type WorkerView } from '@parley/contracts';

interface StandAloneFacts {
  snapshot: RegistrySnapshot;
  model: string;
  /** How many requests this gateway has at a worker. */
  inFlight: (workerName: string) => number;
  /** Workers that could not be reached lately. */
  isSuspect: (workerName: string) => boolean;
}

/**
 * The worker for the next request when the controller cannot be asked: least own load for its
 * speed. Null when all are at their limit, as far as this gateway knows. Throws when the last
 * known registry has no worker for the model.
 */
export function chooseAlone({ snapshot, model, inFlight, isSuspect }: StandAloneFacts): WorkerView | null {
  const serving = snapshot.workers.filter((worker) => worker.model_names.includes(model));
  const reachable = serving.filter((worker) => !isSuspect(worker.worker_name));
  if (reachable.length === 0) throw missingModel(snapshot, model, serving.length > 0);
  const load = (worker: WorkerView) => inFlight(worker.worker_name) / worker.speed;
  const free = reachable.filter((worker) => inFlight(worker.worker_name) < (worker.concurrency ?? Infinity));
  return free.toSorted((left, right) => load(left) - load(right))[0] ?? null;
}

function missingModel(snapshot: RegistrySnapshot, model: string, isServed: boolean): ParleyError {
  if (isServed || snapshot.expected_models.includes(model)) {
    const message = `No worker serves "${model}" at the moment. It may be starting; try again shortly.`;
    return new ParleyError('no_worker_for_model', message, { param: 'model', retryAfterSeconds: 3 });
  }
  const names = servedModels(snapshot);
  const there =
    names.length === 0 ? 'No model is served at the moment.' : `There are: ${names.slice(0, 20).join(', ')}.`;
  return new ParleyError('model_not_found', `There is no model "${model}". ${there}`, { param: 'model' });
}

/** Names of the models that have a worker, sorted. */
export function servedModels(snapshot: RegistrySnapshot): string[] {
  return [...new Set(snapshot.workers.flatMap((worker) => worker.model_names))].toSorted();
}
