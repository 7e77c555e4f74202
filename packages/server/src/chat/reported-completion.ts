import { setTimeout as delay } from 'node:timers/promises';
import { ParleyError, type ChatCompletionChunk, type ChatEvent, type ModelView } from '@parley/contracts';
import type { StreamCompletion } from '@parley/rag';

/** How often a model that is being loaded is looked at. */
const LOOK_INTERVAL_MS = 500;
/** As long as the gateway gives a whole request. */
const LONGEST_LOADING_MS = 3_600_000;

type Status = Extract<ChatEvent, { type: 'status' }>;
export type WaitStatus = Pick<Status, 'waiting_for' | 'position' | 'percent'>;

export interface ReportedCompletionOptions {
  model: Pick<ModelView, 'name' | 'label' | 'engine'>;
  /** How much of the model has been loaded; null once it is not being loaded. Throws when it cannot be. */
  loading: (name: string) => Promise<{ percent: number | null } | null>;
  onStatus: (status: WaitStatus) => void;
  /** Milliseconds that only go forward. */
  now?: () => number;
  pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Waits for a model that is being loaded, then asks it; tells how far its file, the queue and the prompt are. */
export function reportedCompletion(complete: StreamCompletion, options: ReportedCompletionOptions): StreamCompletion {
  const { model, onStatus } = options;
  return async function* ask(request, signal) {
    await untilLoaded(options, signal);
    // Our own workers know these fields, and keep them to themselves before vendors; one that only the
    // gateway knows may be anybody's. The tokens are for `patientCompletion`.
    const reports = model.engine !== 'unknown';
    const asked = reports ? { ...request, parley_report_status: true, parley_token_ids: true } : request;
    for await (const chunk of complete(asked, signal)) {
      const status = statusOf(chunk);
      if (status !== null) onStatus(status);
      if (status === null || chunk.choices.length > 0) yield chunk;
    }
  };
}

function statusOf({ parley }: ChatCompletionChunk): WaitStatus | null {
  const { queue_position: position, prompt_percent: percent } = parley ?? {};
  if (position === 0) return { waiting_for: 'prompt' };
  if (position !== undefined) return { waiting_for: 'queue', position };
  return percent === undefined ? null : { waiting_for: 'prompt', percent };
}

async function untilLoaded(options: ReportedCompletionOptions, signal: AbortSignal): Promise<void> {
  const { model, loading, onStatus, now = () => performance.now(), pause = sleep } = options;
  const deadline = now() + LONGEST_LOADING_MS;
  let shown: number | null | undefined;
  for (let state = await loading(model.name); state !== null; state = await loading(model.name)) {
    const { percent } = state;
    if (percent !== shown) onStatus({ waiting_for: 'loading', ...(percent !== null && { percent }) });
    shown = percent;
    if (now() >= deadline) {
      throw new ParleyError('model_loading', `The model "${model.label}" is still being loaded; try again later.`);
    }
    await pause(LOOK_INTERVAL_MS, signal).catch((cause: unknown) => {
      throw new ParleyError('request_aborted', 'The request was aborted.', { cause });
    });
  }
  if (shown !== undefined) onStatus({ waiting_for: 'prompt' });
}

function sleep(ms: number, signal: AbortSignal): Promise<unknown> {
  return delay(ms, undefined, { signal });
}
