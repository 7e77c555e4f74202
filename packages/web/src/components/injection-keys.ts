import type { InjectionKey } from 'vue';
import type { Source } from '@parley/contracts';

/** Opens the panel of a source; `from` gets the focus back when it closes. */
export const openSourceKey: InjectionKey<(source: Source, from: HTMLElement | null) => void> = Symbol('open-source');
