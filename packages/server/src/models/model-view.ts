import type { HostedProcess, ModelView } from '@parley/contracts';
import type { KnownModel } from './known-model.ts';

/** How a model fares: whether the gateway serves it, and its process. */
export interface ModelStanding {
  live: ReadonlySet<string>;
  process: HostedProcess | null;
  /** Tokens that its worker says it holds; null when nobody says. */
  contextLength: number | null;
}

/** A model as everyone who may use it sees it; nothing of its settings. */
export function toModelView(model: KnownModel, standing: ModelStanding): ModelView {
  const { name, label, kind, engine, needs_key, knowledge, purpose, context_length, capabilities } = model;
  const state = stateOf(model, standing);
  return {
    name,
    label,
    kind,
    engine,
    needs_key,
    knowledge,
    purpose,
    context_length: standing.contextLength ?? context_length,
    capabilities,
    state,
    loading_percent: state === 'loading' ? (standing.process?.loading_percent ?? null) : null,
  };
}

/** A model that only the gateway knows. */
export function toUnconfigured(name: string): ModelView {
  return {
    name,
    label: name,
    kind: 'local',
    engine: 'unknown',
    needs_key: null,
    knowledge: null,
    purpose: 'chat',
    context_length: null,
    capabilities: { vision: false, tools: false, reasoning: false },
    state: 'ready',
    loading_percent: null,
  };
}

function stateOf({ name, needs_key, obstacle }: KnownModel, { live, process }: ModelStanding): ModelView['state'] {
  // What the gateway knows may be a second old; the launcher knows at once that it ended a process for good.
  const isDown = process?.state === 'released' || process?.state === 'failed';
  if (live.has(name) && !isDown) return 'ready';
  if (needs_key !== null || obstacle !== null) return 'needs-key';
  return process?.state === 'starting' || process?.state === 'loading' ? 'loading' : 'unavailable';
}
