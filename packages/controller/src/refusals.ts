import { ParleyError } from '@parley/contracts';

/** How many names a message lists before it says that there are more. */
const NAMES_SHOWN = 20;

export function queueFullError(model: string, waiting: number, retryAfterSeconds: number): ParleyError {
  const message = `${waiting} requests already wait for "${model}", more than that are not taken. Try again in about ${retryAfterSeconds} s.`;
  return new ParleyError('queue_full', message, { retryAfterSeconds });
}

interface MissingModel {
  model: string;
  /** Configured, or served earlier. */
  isKnown: boolean;
  models: readonly string[];
  workerWaitMs: number;
}

export function missingModelError({ model, isKnown, models, workerWaitMs }: MissingModel): ParleyError {
  if (isKnown) {
    const message = `No worker serves "${model}" at the moment. It may be starting; try again shortly.`;
    return new ParleyError('no_worker_for_model', message, {
      param: 'model',
      retryAfterSeconds: Math.max(1, Math.ceil(workerWaitMs / 1000)),
    });
  }
  return new ParleyError('model_not_found', `There is no model "${model}". ${listOfModels(models)}`, {
    param: 'model',
  });
}

export function stoppingError(): ParleyError {
  return new ParleyError('controller_unreachable', 'The controller is stopping. Try again in a moment.', {
    retryAfterSeconds: 1,
  });
}

function listOfModels(models: readonly string[]): string {
  if (models.length === 0) return 'No model is served at the moment.';
  const rest = models.length - NAMES_SHOWN;
  return `There are: ${models.slice(0, NAMES_SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
}
