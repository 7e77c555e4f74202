import { ParleyError, type ModelView } from '@parley/contracts';

/** The chat model named, or the first that is ready. Throws `model_not_found`, `invalid_request` and `model_needs_key`. */
export function chooseModel(models: readonly ModelView[], name: string | undefined): ModelView {
  const ready = models.filter(({ state, purpose }) => state === 'ready' && purpose === 'chat');
  const model = name === undefined ? ready[0] : models.find((candidate) => candidate.name === name);
  if (!model) {
    const names = ready.map((candidate) => candidate.name).join(', ') || 'none';
    throw new ParleyError('model_not_found', `There is no model "${name ?? ''}". Ready are: ${names}.`);
  }
  if (model.purpose !== 'chat') {
    throw new ParleyError('invalid_request', `The model "${model.label}" does not answer questions.`, {
      param: 'model',
    });
  }
  if (model.state !== 'needs-key') return model;
  throw new ParleyError('model_needs_key', `The model "${model.label}" waits for its key: ${model.needs_key}.`);
}
