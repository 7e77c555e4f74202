import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { loadSettings, readLanguage, type LoadedSettings } from './settings/load-settings.ts';
import type { Language } from './terminal/language.ts';
import { messagesIn, type Messages } from './terminal/messages.ts';

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** What every command starts from: the checkout, the settings in force, the terminal's language. */
export interface CommandContext {
  root: string;
  loaded: LoadedSettings;
  say: Messages;
}

/** Reads the settings. Throws `ConfigError`. */
export function createCommandContext(): CommandContext {
  const language = commandLanguage();
  if (language === 'zh') z.config(z.locales.zhCN());
  const say = messagesIn(language);
  return { root: ROOT, loaded: loadSettings({ root: ROOT, environment: process.env, say }), say };
}

/** The language that commands speak, also of settings that are wrong. */
export function commandLanguage(): Language {
  return readLanguage({ root: ROOT, environment: process.env });
}

/** A command cannot go on; its message is shown as it stands and the exit code is 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
