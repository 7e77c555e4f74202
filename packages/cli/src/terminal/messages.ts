import { english, type Messages } from './messages.en.ts';
import { chinese } from './messages.zh.ts';
import type { Language } from './language.ts';

/** Every sentence that the terminal shows, in the language asked for. */
export function messagesIn(language: Language): Messages {
  return language === 'zh' ? chinese : english;
}

export type { Messages };
