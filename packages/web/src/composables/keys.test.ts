import { afterEach, expect, it } from 'vitest';
import { isSendKey } from './is-send-key.ts';
import { toAction } from './use-shortcuts.ts';

const press = (key: string, init: KeyboardEventInit = {}) => new KeyboardEvent('keydown', { key, ...init });

afterEach(() => document.body.replaceChildren());

it('sends on Enter, and makes a new line on Shift+Enter', () => {
  expect(isSendKey(press('Enter'), false)).toBe(true);
  expect(isSendKey(press('Enter', { shiftKey: true }), false)).toBe(false);
});

it('never sends while an input method composes, however the browser tells', () => {
  expect(isSendKey(press('Enter', { isComposing: true }), false)).toBe(false);
  expect(isSendKey(press('Enter', { keyCode: 229 }), false)).toBe(false);
});

it('makes a new line on a touch keyboard, unless Ctrl or Command is held', () => {
  expect(isSendKey(press('Enter'), true)).toBe(false);
  expect(isSendKey(press('Enter', { metaKey: true }), true)).toBe(true);
});

it.each([
  ['o', { ctrlKey: true, shiftKey: true }, 'newChat'],
  ['O', { metaKey: true, shiftKey: true }, 'newChat'],
  ['b', { ctrlKey: true }, 'toggleSidebar'],
  ['C', { ctrlKey: true, shiftKey: true }, 'copyLastAnswer'],
  ['/', { metaKey: true }, 'showHelp'],
  ['Escape', { shiftKey: true }, 'focusComposer'],
  ['Escape', {}, 'stop'],
  ['c', { ctrlKey: true }, null],
  ['b', {}, null],
  ['o', { ctrlKey: true, shiftKey: true, altKey: true }, null],
])('reads %s with %o as %s', (key, init, action) => {
  expect(toAction(press(key, init))).toBe(action);
});

it('leaves Escape to what is open', () => {
  const menu = document.createElement('div');
  menu.dataset['dismissableLayer'] = '';
  document.body.append(menu);
  expect(toAction(press('Escape'))).toBeNull();
});
