import type { InjectionKey } from 'vue';
import type { Source } from '@parley/contracts';

/** Opens the panel of a source; `from` gets the focus back when it closes. */
export const openSourceKey: InjectionKey<(source: Source, from: HTMLElement | null) => void> = Symbol('open-source');

/** Opens the guide page about an engine in the source panel. */
export const openGuideKey: InjectionKey<(engine: string) => void> = Symbol('open-guide');
