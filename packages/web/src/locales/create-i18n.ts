import { createI18n } from 'vue-i18n';
import { en } from './en.ts';
import { zh } from './zh.ts';

export const localeNames = { en: 'English', zh: '中文' } as const;
export type LocaleName = keyof typeof localeNames;

/** The page's translator, in the given language. */
export function createTranslator(locale: LocaleName) {
  return createI18n({ legacy: false, locale, fallbackLocale: 'en', messages: { en, zh } });
}

/** The language of ours that a browser's wish comes nearest to. */
export function toLocaleName(wish: string | null | undefined): LocaleName {
  return wish?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
