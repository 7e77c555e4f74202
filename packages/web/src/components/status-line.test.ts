import { afterEach, expect, it } from 'vitest';
import type { VueWrapper } from '@vue/test-utils';
import { mountPagePart } from '../testing/mount-page-part.ts';
import type { LocaleName } from '../locales/create-i18n.ts';
import StatusLine from './status-line.vue';

let line: VueWrapper;
afterEach(() => line.unmount());

function show(waitingFor: string, percent: number | null, locale: LocaleName = 'en'): string {
  line = mountPagePart(StatusLine, { props: { progress: { waitingFor, position: null, percent } }, locale });
  return line.text();
}

it('says how much of the model or of the prompt has been read', () => {
  expect(show('loading', 45.4)).toBe('Loading the model… 45%');
  line.unmount();
  expect(show('prompt', 40)).toBe('Reading the prompt… 40%');
  line.unmount();
  expect(show('prompt', 40, 'zh')).toBe('正在读取提示… 40%');
});

it('says no percent where none is known', () => {
  expect(show('loading', null)).toBe('Loading the model…');
});
