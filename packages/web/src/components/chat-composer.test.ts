import { expect, it } from 'vitest';
import { mountPagePart } from '../testing/mount-page-part.ts';
import ChatComposer from './chat-composer.vue';

function start(part: Record<string, unknown> = {}) {
  const composer = mountPagePart(ChatComposer, {
    props: { modelValue: 'Hello', isAnswering: false, canSend: true, ...part },
  });
  return { composer, input: composer.get('[data-testid="composer-input"]') };
}

it('sends its text on Enter', async () => {
  const { composer, input } = start();
  await input.trigger('keydown', { key: 'Enter' });
  expect(composer.emitted('send')).toEqual([['Hello']]);
});

it('keeps Enter to the input method while a Chinese word is being chosen', async () => {
  const { composer, input } = start({ modelValue: '你hao' });
  await input.trigger('keydown', { key: 'Enter', isComposing: true });
  await input.trigger('keydown', { key: 'Enter', keyCode: 229 });
  expect(composer.emitted('send')).toBeUndefined();
});

it('does not send blank text, and not while no model or conversation is there', async () => {
  for (const part of [{ modelValue: ' \n ' }, { canSend: false }]) {
    const { composer, input } = start(part);
    await input.trigger('keydown', { key: 'Enter' });
    expect(composer.emitted('send')).toBeUndefined();
    expect(composer.get('[data-testid="send-button"]').attributes('disabled')).toBeDefined();
  }
});

it('offers Stop while an answer is written, and lets the reader go on typing', async () => {
  const { composer, input } = start({ isAnswering: true });
  await input.setValue('Next question');
  await input.trigger('keydown', { key: 'Enter' });
  await composer.get('[data-testid="stop-button"]').trigger('click');
  expect(composer.emitted('update:modelValue')?.at(-1)).toEqual(['Next question']);
  expect(composer.emitted('send')).toBeUndefined();
  expect(composer.emitted('stop')).toHaveLength(1);
});

it('names its box and its buttons', () => {
  const { composer, input } = start();
  expect(input.attributes('aria-label')).toBe('Message');
  expect(composer.get('[data-testid="send-button"]').attributes('aria-label')).toBe('Send message');
});

it('takes files that are pasted, but not the picture that a program adds to copied text', async () => {
  const { composer, input } = start();
  const file = new File(['x'], 'photo.png');
  await input.trigger('paste', { clipboardData: { files: [file], types: ['Files', 'text/plain'] } });
  expect(composer.emitted('files')).toBeUndefined();
  await input.trigger('paste', { clipboardData: { files: [file], types: ['Files'] } });
  expect(composer.emitted('files')).toEqual([[[{ file, name: 'photo.png' }]]]);
});

it('holds still while its text waits to be sent', async () => {
  const { composer, input } = start({ isHeld: true });
  await input.trigger('keydown', { key: 'Enter' });
  expect(composer.emitted('send')).toBeUndefined();
  expect(input.attributes('readonly')).toBeDefined();
});
