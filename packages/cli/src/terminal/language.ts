import type { Environment } from '../settings/load-settings.ts';

export type Language = 'en' | 'zh';

/** The terminal's language: as set, else as the system's locale says. */
export function terminalLanguage(environment: Environment, setting: Language | 'auto' = 'auto'): Language {
  if (setting !== 'auto') return setting;
  // An empty one counts as not set, as for every program.
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return /^zh/i.test(locale) ? 'zh' : 'en';
}
