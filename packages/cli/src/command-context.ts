import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { loadSettings, type LoadedSettings } from './settings/load-settings.ts';
import { terminalLanguage } from './terminal/language.ts';
import { messagesIn, type Messages } from './terminal/messages.ts';

/** What every command starts from: the checkout, the settings in force, the terminal's language. */
export interface CommandContext {
  root: string;
  loaded: LoadedSettings;
  say: Messages;
}

/** Reads the settings. Throws `ConfigError`. */
export function createCommandContext(): CommandContext {
  const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
  const language = terminalLanguage(process.env);
  if (language === 'zh') z.config(z.locales.zhCN());
  const loaded = loadSettings({ root, environment: process.env, say: messagesIn(language) });
  return { root, loaded, say: messagesIn(terminalLanguage(loaded.environment, loaded.settings.language)) };
}

/** A command cannot go on; its message is shown as it stands and the exit code is 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
