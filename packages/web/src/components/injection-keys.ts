import type { InjectionKey } from 'vue';
import type { Source } from '@parley/contracts';
import type { AnswerTraces } from '../composables/chat-knowledge/use-answer-traces.ts';

/** Opens the panel of a source; `from` gets the focus back when it closes. */
export const openSourceKey: InjectionKey<(source: Source, from: HTMLElement | null) => void> = Symbol('open-source');

/** Opens the guide page about an engine in the source panel. */
export const openGuideKey: InjectionKey<(engine: string) => void> = Symbol('open-guide');

/** How answers of the open conversation were found, read as far as they are looked at. */
export const answerTracesKey: InjectionKey<AnswerTraces> = Symbol('answer-traces');
