import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it } from 'vitest';
import { makeMessage } from '../testing/make-message.ts';
import { mountPagePart } from '../testing/mount-page-part.ts';
import { find, get, press, submit, type } from '../testing/on-page.ts';
import UserMessage from './user-message.vue';

let part: VueWrapper;
afterEach(() => part.unmount());
const start = () => {
  const message = makeMessage({ id: 'q1', role: 'user', content: 'Why?' });
  part = mountPagePart(UserMessage, { props: { message, siblings: [message], isBusy: false } });
};

it('gives the focus back to its button when nothing was changed', async () => {
  start();
  await press('edit-button');
  expect(document.activeElement).toBe(get('edit-input'));
  get('edit-input').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
  await flushPromises();
  expect([find('edit-input'), document.activeElement]).toEqual([null, get('edit-button')]);
  await press('edit-button');
  await submit('edit-save');
  expect(document.activeElement).toBe(get('edit-button'));
  expect(part.emitted('edit')).toBeUndefined();
});

it('asks what was changed', async () => {
  start();
  await press('edit-button');
  await type('edit-input', 'Why not?');
  await submit('edit-save');
  expect(part.emitted('edit')).toMatchObject([[{ id: 'q1' }, 'Why not?']]);
});
