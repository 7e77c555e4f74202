import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import { toLocaleName, type LocaleName } from '../locales/create-i18n.ts';
import { recall, remember } from './browser-storage.ts';

export type Theme = 'light' | 'dark' | 'system';

/** What this browser remembers about how the page should be. `public/theme.js` reads theme and locale, too. */
export const usePreferences = defineStore('preferences', () => {
  const theme = ref<Theme>(toTheme(recall('theme')));
  const locale = ref<LocaleName>(toLocaleName(recall('locale') ?? navigator.language));
  const isSidebarOpen = ref(recall('sidebar') !== 'closed');
  const model = ref<string | null>(recall('model'));
  /** How a cited PDF is shown: its text, or its page as it is printed. */
  const sourceView = ref<'text' | 'page'>(recall('source-view') === 'page' ? 'page' : 'text');

  watch(theme, (value) => remember('theme', value));
  watch(locale, (value) => remember('locale', value));
  watch(isSidebarOpen, (isOpen) => remember('sidebar', isOpen ? 'open' : 'closed'));
  watch(model, (value) => remember('model', value));
  watch(sourceView, (value) => remember('source-view', value));

  return { theme, locale, isSidebarOpen, model, sourceView };
});

function toTheme(text: string | null): Theme {
  return text === 'light' || text === 'dark' ? text : 'system';
}
