import { ParleyError, type BaseSettings, type UpdateBaseRequest } from '@parley/contracts';

type ChangedSettings = NonNullable<UpdateBaseRequest['settings']>;
const SECTIONS = ['split', 'retrieval', 'prompts'] as const;

/**
 * The stored settings with what a change names in their place, field by field. `changed` is the
 * change as it was parsed, `given` as it came: parsing fills what is left out with defaults, and
 * a weight that was tuned must not fall back to one because somebody set the number of passages.
 */
export function mergeSettings(stored: BaseSettings, changed: ChangedSettings, given: unknown): BaseSettings {
  const merged = { ...stored };
  for (const section of SECTIONS) {
    const named = new Set(Object.keys(toRecord(toRecord(given)[section])));
    const fields = Object.entries(changed[section] ?? {}).filter(([name]) => named.has(name));
    Object.assign(merged, { [section]: { ...stored[section], ...Object.fromEntries(fields) } });
  }
  return merged;
}

/** Throws `invalid_request` for a passage that would hold nothing but what it repeats. */
export function checkSplit({ max_tokens: max, overlap_tokens: overlap }: BaseSettings['split'], param: string): void {
  if (overlap < max) return;
  throw new ParleyError('invalid_request', `${param}.overlap_tokens: must be less than max_tokens.`, {
    param: `${param}.overlap_tokens`,
  });
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
