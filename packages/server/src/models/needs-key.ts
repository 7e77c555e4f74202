import { ParleyError } from '@parley/contracts';

/** What a model is asked for while it has no key, or one that cannot be opened. */
export function needsKey({ label, needs_key: variable }: { label: string; needs_key: string | null }): ParleyError {
  const way =
    variable === null
      ? 'an owner can enter it on the Models page'
      : `put ${variable} into the file .env and start Parley again, or add the key on the Models page`;
  return new ParleyError('model_needs_key', `The model "${label}" waits for its key: ${way}.`, { param: 'model' });
}
