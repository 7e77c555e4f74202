import { flushPromises, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import { defineComponent, h, ref } from 'vue';
import { FakeRoutes, refusal } from '../../testing/fake-routes.ts';
import { makeBase } from '../../testing/make-knowledge.ts';
import { memoryRouter } from '../../testing/memory-router.ts';
import { mountPagePart } from '../../testing/mount-page-part.ts';
import ChatComposer from '../chat-composer.vue';

let composer: VueWrapper;
afterEach(() => {
  composer.unmount();
  vi.unstubAllGlobals();
});

const all = [
  makeBase({ id: 'h', name: 'Handbook' }),
  makeBase({ id: 'l', name: '法律条文' }),
  makeBase({ id: 's', name: 'Support' }),
];

function start(bases: () => unknown = () => ({ bases: all })) {
  const server = new FakeRoutes({ 'GET /api/knowledge-bases': bases });
  const text = ref('');
  const chosen = ref<string[]>([]);
  const sent: string[] = [];
  const page = defineComponent(
    () => () =>
      h(ChatComposer, {
        modelValue: text.value,
        'onUpdate:modelValue': (next: string) => (text.value = next),
        chosen: chosen.value,
        'onUpdate:chosen': (next: string[]) => (chosen.value = next),
        isAnswering: false,
        canSend: true,
        onSend: (words: string) => sent.push(words),
      }),
  );
  composer = mountPagePart(page, { router: memoryRouter() });
  return { server, text, chosen, sent };
}

const input = () => composer.get<HTMLTextAreaElement>('[data-testid="composer-input"]');
async function type(words: string): Promise<void> {
  input().element.value = words;
  input().element.setSelectionRange(words.length, words.length);
  await input().trigger('input');
  await flushPromises();
}
const press = async (key: string, more = {}) => {
  await input().trigger('keydown', { key, ...more });
  await flushPromises();
};
const options = () => composer.findAll('[data-testid="base-option"]').map((option) => option.get('.ellipsis').text());
const active = () => composer.find('[data-highlighted]').text();

it('opens with # at the beginning or after a space, and nowhere else', async () => {
  start();
  await type('#');
  expect(options()).toEqual(['Handbook', '法律条文', 'Support']);
  await type('C#');
  expect(options()).toEqual([]);
  await type('What does it say? #');
  expect(options()).toHaveLength(3);
});

it('narrows while it is typed on, and picks with Enter instead of sending', async () => {
  const { text, chosen, sent } = start();
  await type('Ask the #');
  await type('Ask the #sup');
  expect(options()).toEqual(['Support']);
  await press('Enter');
  expect([text.value, chosen.value, sent]).toEqual(['Ask the ', ['s'], []]);
  expect(composer.find('[data-testid="base-picker"]').exists()).toBe(false);
  expect(composer.get('[data-testid="base-chip"]').text()).toBe('Support');
});

it('is moved through with the arrow keys, round both ends, and says where it stands', async () => {
  const { chosen } = start();
  await type('#');
  await press('ArrowUp');
  expect(active()).toContain('Support');
  await press('ArrowDown');
  await press('ArrowDown');
  expect(active()).toContain('法律条文');
  const row = composer.get('[data-highlighted]').attributes('id');
  expect(input().attributes('aria-activedescendant')).toBe(row);
  await press('Tab');
  expect(chosen.value).toEqual(['l']);
});

it('leaves the keys to an input method while it composes', async () => {
  const { chosen } = start();
  await type('#');
  await press('Enter', { isComposing: true });
  await press('Enter', { keyCode: 229 });
  expect(chosen.value).toEqual([]);
});

it('closes on Escape, and does not come back while the word is typed on', async () => {
  const { sent } = start();
  await type('#');
  await press('Escape');
  await type('#hand');
  expect(options()).toEqual([]);
  await press('Enter');
  expect(sent).toEqual(['#hand']);
});

it('does not hold back a message whose # fits no base', async () => {
  const { sent } = start();
  await type('See issue #4711');
  await press('Enter');
  expect(sent).toEqual(['See issue #4711']);
});

it('opens by its button as well, for several to be picked and taken back', async () => {
  const { chosen } = start();
  await composer.get('[data-testid="bases-button"]').trigger('click');
  await flushPromises();
  await press('Enter');
  await press('ArrowDown');
  await press('Enter');
  expect(chosen.value).toEqual(['h', 'l']);
  await press('Enter');
  expect(chosen.value).toEqual(['h']);
  await composer.get('[data-testid="base-chip-remove"]').trigger('click');
  expect(chosen.value).toEqual([]);
});

it('offers to make a base where there is none, and says when they cannot be read', async () => {
  start(() => ({ bases: [] }));
  await type('#');
  expect(composer.get('[data-testid="no-bases"] a').attributes('href')).toBe('/knowledge/new');
  composer.unmount();
  start(() => refusal('storage_failed', 500));
  await type('#');
  expect(composer.get('[data-testid="base-picker"]').text()).toContain('could not be loaded');
});
