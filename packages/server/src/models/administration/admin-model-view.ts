import type { AdminModel, HostedProcess, WorkerFacts } from '@parley/contracts';
import type { KnownModel } from '../known-model.ts';

/** How a model fares, as far as somebody knows. */
export interface AdminStanding {
  process: HostedProcess | null;
  /** What its worker says of itself; null while it does not answer. */
  facts: WorkerFacts | null;
  /** Whether the gateway serves it. */
  isLive: boolean;
  /** Size of its file. */
  fileBytes: number | null;
  canManage: boolean;
}

/** A model with its settings and its process, as owners see it. */
export function toAdminModel(model: KnownModel, standing: AdminStanding): AdminModel {
  const { process, facts, fileBytes } = standing;
  const { name, label, kind, engine, purpose, origin, connection, upstream_model, file, local } = model;
  const { context_length, capabilities, prices, access, needs_key } = model;
  return {
    name,
    label,
    kind,
    engine,
    purpose,
    origin,
    connection_id: connection?.id ?? null,
    upstream_model,
    file,
    file_bytes: fileBytes,
    local,
    // What a local model really has, where its worker found less memory than it was trained for.
    context_length: facts?.context_length ?? context_length,
    capabilities,
    prices,
    concurrency: model.stored?.settings.concurrency ?? null,
    access,
    state: stateOf(model, standing),
    loading_percent: process?.state === 'loading' ? process.loading_percent : null,
    problem: problemOf(model, standing),
    needs_key,
    process: process && toProcessView(process, facts),
  };
}

function stateOf(model: KnownModel, { process, isLive, canManage }: AdminStanding): AdminModel['state'] {
  if (process) return process.state === 'running' ? 'ready' : process.state;
  if (model.needs_key !== null || model.obstacle !== null) return 'needs-key';
  if (model.is_released) return 'released';
  if (isLive) return 'ready';
  return canManage ? 'starting' : 'failed';
}

function problemOf(model: KnownModel, { process, isLive, canManage }: AdminStanding): string | null {
  const known = process?.problem ?? model.obstacle;
  if (known !== null || process || isLive || canManage || model.needs_key !== null) return known;
  return 'No worker serves this model now.';
}

function toProcessView(process: HostedProcess, facts: WorkerFacts | null): AdminModel['process'] {
  const { pid, address, memory_bytes, restarts } = process;
  return {
    pid,
    address,
    memory_bytes,
    restarts,
    running: facts?.running ?? null,
    waiting: facts?.waiting ?? null,
    tokens_per_second: facts?.tokens_per_second ?? null,
    gpu_memory_bytes: facts?.gpu_memory_bytes ?? null,
  };
}
