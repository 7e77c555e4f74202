import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { parseDocument } from 'yaml';
import { ConfigError, parseConfig } from '@parley/service-kit/config';
import { environmentOverrides } from './environment-overrides.ts';
import { settingsSchema, type Settings } from './settings-schema.ts';
import { terminalLanguage, type Language } from '../terminal/language.ts';
import type { Messages } from '../terminal/messages.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadedSettings {
  settings: Settings;
  /** Environment with `.env` under it: where keys are looked up. */
  environment: Environment;
  /** Absolute path of the data folder. */
  home: string;
  /** The file read, or null when there is none. */
  configFile: string | null;
}

export interface SettingsPlaces {
  /** The checkout. */
  root: string;
  environment: Environment;
  /** The words for what is wrong. */
  say: Messages;
}

/**
 * Reads `parley.config.yaml` (or `PARLEY_CONFIG`), `.env` and the environment; the later wins.
 * Throws `ConfigError` that names each wrong setting by its path.
 */
export function loadSettings({ root, environment, say }: SettingsPlaces): LoadedSettings {
  const { merged, file } = findPlaces({ root, environment });
  if (merged['PARLEY_CONFIG'] && !existsSync(file)) throw new ConfigError(say.settings.fileMissing(file));
  const fromFile = existsSync(file) ? readYaml(file, say) : {};
  const values = environmentOverrides(settingsSchema, withHub(fromFile, merged), merged);
  const settings = parseConfig('parley.config', settingsSchema, values);
  const home = isAbsolute(settings.home) ? settings.home : join(root, settings.home);
  return { settings, environment: merged, home, configFile: existsSync(file) ? file : null };
}

/**
 * The terminal's language by the same places, whatever else is wrong in them: what is wrong is said
 * in it. Never throws.
 */
export function readLanguage(places: Omit<SettingsPlaces, 'say'>): Language {
  try {
    const { merged, file } = findPlaces(places);
    const named: unknown = merged['PARLEY_LANGUAGE'] || (existsSync(file) && yamlOf(file).get('language'));
    return terminalLanguage(merged, named === 'en' || named === 'zh' ? named : 'auto');
  } catch {
    return terminalLanguage(places.environment);
  }
}

/** What other programs of this machine fetch models from holds for Parley too, where its own settings say nothing. */
function withHub(values: Record<string, unknown>, environment: Environment): Record<string, unknown> {
  const { HF_ENDPOINT: endpoint, HF_TOKEN: token } = environment;
  const hub = { ...(endpoint && { hub_endpoint: endpoint }), ...(token && { hub_token: token }) };
  const { server = {} } = values;
  return typeof server === 'object' && server !== null ? { ...values, server: { ...hub, ...server } } : values;
}

function findPlaces({ root, environment }: Omit<SettingsPlaces, 'say'>): { merged: Environment; file: string } {
  const merged: Environment = { ...readDotEnv(join(root, '.env')), ...environment };
  return { merged, file: resolve(root, merged['PARLEY_CONFIG'] || 'parley.config.yaml') };
}

function yamlOf(file: string): ReturnType<typeof parseDocument> {
  return parseDocument(readFileSync(file, 'utf8'));
}

function readDotEnv(file: string): Environment {
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}

function readYaml(file: string, say: Messages): Record<string, unknown> {
  const document = yamlOf(file);
  const [problem] = document.errors;
  if (problem) throw new ConfigError(say.settings.notYaml(file, problem.message));
  const values: unknown = document.toJS() ?? {};
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new ConfigError(say.settings.notByName(file));
  }
  return { ...values };
}
