import { ParleyError, type ModelPurpose, type ModelView } from '@parley/contracts';

const CANNOT: Record<ModelPurpose, string> = {
  chat: 'does not answer questions',
  embedding: 'does not turn texts into vectors',
  rerank: 'does not order texts',
};

/**
 * The model named, or the first of this purpose that is ready. Throws `model_not_found`,
 * `no_worker_for_model`, `invalid_request` and `model_needs_key`.
 */
export function chooseModel(
  models: readonly ModelView[],
  name: string | undefined,
  purpose: ModelPurpose = 'chat',
): ModelView {
  const ready = models.filter((model) => model.state === 'ready' && model.purpose === purpose);
  const model = name === undefined ? ready[0] : models.find((candidate) => candidate.name === name);
  if (!model && name === undefined) {
    throw new ParleyError('no_worker_for_model', 'No model is ready; "parley models" says why.');
  }
  if (!model) {
    const names = ready.map((candidate) => candidate.name).join(', ') || 'none';
    throw new ParleyError('model_not_found', `There is no model "${name}". Ready are: ${names}.`);
  }
  if (model.purpose !== purpose) {
    throw new ParleyError('invalid_request', `The model "${model.label}" ${CANNOT[purpose]}.`, { param: 'model' });
  }
  if (model.state !== 'needs-key') return model;
  throw new ParleyError('model_needs_key', `The model "${model.label}" waits for its key: ${model.needs_key}.`);
}
