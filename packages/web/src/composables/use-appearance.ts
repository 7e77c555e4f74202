import { watchEffect } from 'vue';
import { useI18n } from 'vue-i18n';
import { usePreferences } from '../stores/preferences.ts';
import { useMediaQuery } from './use-media-query.ts';

/** Keeps the document's theme and language as the reader wants them. */
export function useAppearance(): void {
  const preferences = usePreferences();
  const { locale } = useI18n();
  const isSystemDark = useMediaQuery('(prefers-color-scheme: dark)');

  watchEffect(() => {
    const isDark = preferences.theme === 'dark' || (preferences.theme === 'system' && isSystemDark.value);
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  });
  watchEffect(() => {
    locale.value = preferences.locale;
    document.documentElement.lang = preferences.locale === 'zh' ? 'zh-CN' : 'en';
  });
}
