import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { parseDocument } from 'yaml';
import { ConfigError, parseConfig } from '@parley/service-kit/config';
import { environmentOverrides } from './environment-overrides.ts';
import { settingsSchema, type Settings } from './settings-schema.ts';
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
  const merged: Environment = { ...readDotEnv(join(root, '.env')), ...environment };
  const named = merged['PARLEY_CONFIG'];
  const file = named ? resolve(root, named) : join(root, 'parley.config.yaml');
  if (named && !existsSync(file)) throw new ConfigError(say.settings.fileMissing(file));
  const fromFile = existsSync(file) ? readYaml(file, say) : {};
  const values = environmentOverrides(settingsSchema, fromFile, merged);
  const settings = parseConfig('parley.config', settingsSchema, values);
  const home = isAbsolute(settings.home) ? settings.home : join(root, settings.home);
  return { settings, environment: merged, home, configFile: existsSync(file) ? file : null };
}

function readDotEnv(file: string): Environment {
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}

function readYaml(file: string, say: Messages): Record<string, unknown> {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [problem] = document.errors;
  if (problem) throw new ConfigError(say.settings.notYaml(file, problem.message));
  const values: unknown = document.toJS() ?? {};
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new ConfigError(say.settings.notByName(file));
  }
  return { ...values };
}
