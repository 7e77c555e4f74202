import { ParleyError, type UpdateModelRequest } from '@parley/contracts';
import type { KnownModel } from '../known-model.ts';
import type { ModelChange, StoredModel } from '../stored/models.repository.ts';

const OF_ONLINE_MODELS = ['upstream_model', 'concurrency'];
const OF_LOCAL_MODELS = ['local'];

/** The row of a model of the page. Throws `model_locked` for the others. */
export function requireUnlocked({ stored, label, origin }: KnownModel): StoredModel {
  if (stored !== null) return stored;
  const reason = origin === 'built-in' ? 'is built in' : 'is set in the configuration file; change it there';
  throw new ParleyError('model_locked', `The model "${label}" ${reason}.`);
}

/** What a change stores. Throws `invalid_request` for a setting that a model of this kind does not have. */
export function toColumns(row: StoredModel, { label, ...change }: Omit<UpdateModelRequest, 'access'>): ModelChange {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const isOnline = row.connection_id !== null;
  const foreign = isOnline ? OF_LOCAL_MODELS : OF_ONLINE_MODELS;
  const param = foreign.find((name) => name in given);
  if (param !== undefined) {
    const kind = isOnline ? 'an online model' : 'a model that runs on this machine';
    throw new ParleyError('invalid_request', `${param}: ${kind} has no such setting.`, { param });
  }
  return {
    ...(label !== undefined && { label }),
    ...(Object.keys(given).length > 0 && { settings: { ...row.settings, ...given } }),
  };
}
