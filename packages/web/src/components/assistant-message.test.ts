import { expect, it, vi } from 'vitest';
import type { Source } from '@parley/contracts';
import { flushPromises } from '@vue/test-utils';
import type { ShownMessage } from '../conversation/message-tree.ts';
import { eventually } from '../testing/eventually.ts';
import { makeMessage, makeSource } from '../testing/make-message.ts';
import { mountPagePart } from '../testing/mount-page-part.ts';
import type { LocaleName } from '../locales/create-i18n.ts';
import AssistantMessage from './assistant-message.vue';
import { openSourceKey } from './injection-keys.ts';

const timings = { first_token_ms: 420, total_ms: 2420 };
const usage = { prompt_tokens: 90, completion_tokens: 40, total_tokens: 130 };

interface Part {
  message: ShownMessage;
  siblings?: ShownMessage[];
  progress?: unknown;
  locale?: LocaleName;
}

function start({ message, siblings = [message], progress = null, locale = 'en' }: Part) {
  const openSource = vi.fn<(source: Source, from: HTMLElement | null) => void>();
  const props = { message, siblings, progress, isLast: true, isBusy: false };
  const part = mountPagePart(AssistantMessage, { props, locale, provide: { [openSourceKey as symbol]: openSource } });
  return { part, openSource, byTestId: (id: string) => part.find(`[data-testid="${id}"]`) };
}

it('tells before the first token what is waited for, in the language of the reader', () => {
  const message = makeMessage({ id: 'a', status: 'streaming' });
  const progress = { waitingFor: 'queue', position: 3 };
  expect(start({ message, progress }).byTestId('status-line').text()).toBe('Waiting in the queue, place 3…');
  expect(start({ message, progress, locale: 'zh' }).byTestId('status-line').text()).toBe('正在排队，第 3 位…');
});

it('keeps the text of a failed answer, says the cause in plain words, and offers another try', async () => {
  const error = { code: 'worker_unreachable', message: 'The worker of guide went away.', retryable: true } as const;
  const message = makeMessage({ id: 'a', status: 'failed', content: 'Half', error });
  const { part, byTestId } = start({ message });
  expect(byTestId('error-strip').text()).toContain('The worker of this model did not answer.');
  expect(byTestId('error-strip').text()).toContain('The worker of guide went away.');
  await byTestId('retry-button').trigger('click');
  expect(part.emitted('regenerate')).toEqual([[message]]);
  await eventually(() => expect(byTestId('answer-text').text()).toContain('Half'));
});

it('offers another try also where the error itself says that it is no use', () => {
  const error = { code: 'model_needs_key', message: 'Set KEY.', retryable: false } as const;
  const { byTestId } = start({ message: makeMessage({ id: 'a', status: 'failed', error }) });
  expect(byTestId('retry-button').attributes('disabled')).toBeUndefined();
});

it('marks an answer that was stopped, quietly', () => {
  const { byTestId } = start({ message: makeMessage({ id: 'a', status: 'stopped' }) });
  expect(byTestId('stopped-note').text()).toBe('Stopped');
  expect(byTestId('error-strip').exists()).toBe(false);
});

it('opens the source of the chip that is clicked, and lists only cited sources', async () => {
  const sources = [makeSource(1, 'One.'), makeSource(2, 'Two.'), makeSource(3, 'Three.')];
  const message = makeMessage({ id: 'a', content: 'Intro.\n\nIt is so [2], and so [1].', sources });
  const { part, openSource } = start({ message });
  await eventually(() => expect(part.findAll('[data-testid="citation-chip"]')).toHaveLength(2));
  const chip = part.get('[data-testid="citation-chip"]');
  await chip.trigger('click');
  expect(openSource).toHaveBeenCalledWith(sources[1], chip.element);
  expect(part.findAll('[data-testid="source-item"]').map((item) => item.attributes('aria-label'))).toEqual([
    'Open source 1: Page 1',
    'Open source 2: Page 2',
  ]);
});

it('shows a card with title, headings and quote while a chip has the focus, and Escape closes it', async () => {
  const message = makeMessage({ id: 'a', content: 'Intro.\n\nSo [1].', sources: [makeSource(1, 'The quote.')] });
  const { part } = start({ message });
  await eventually(() => expect(part.find('[data-testid="citation-chip"]').exists()).toBe(true));
  const chip = part.get('[data-testid="citation-chip"]');
  chip.element.dispatchEvent(new FocusEvent('focusin', { bubbles: true, relatedTarget: document.body }));
  await flushPromises();
  const card = document.querySelector('[data-testid="citation-card"]');
  expect(card?.textContent).toContain('Page 1');
  expect(card?.textContent).toContain('Page › Part');
  expect(card?.textContent).toContain('The quote.');
  expect(chip.attributes('aria-describedby')).toBe(card?.id);
  dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
  await flushPromises();
  expect(document.querySelector('[data-testid="citation-card"]')).toBeNull();
});

it('does not show the card again when the focus comes back from the source panel', async () => {
  const message = makeMessage({ id: 'a', content: 'Intro.\n\nSo [1].', sources: [makeSource(1, 'The quote.')] });
  const { part } = start({ message });
  await eventually(() => expect(part.find('[data-testid="citation-chip"]').exists()).toBe(true));
  const chip = part.get('[data-testid="citation-chip"]').element;
  chip.dispatchEvent(new FocusEvent('focusin', { bubbles: true, relatedTarget: null }));
  await flushPromises();
  expect(document.querySelector('[data-testid="citation-card"]')).toBeNull();
});

it('pages between the answers to one question', async () => {
  const siblings = ['a', 'b', 'c'].map((id) => makeMessage({ id, parent_id: 'q', content: id, usage, timings }));
  const { part, byTestId } = start({ message: siblings[1]!, siblings });
  expect(byTestId('sibling-pager').text()).toBe('2/3');
  await byTestId('sibling-next').trigger('click');
  await byTestId('sibling-previous').trigger('click');
  expect(part.emitted('show')).toEqual([[siblings[2]], [siblings[0]]]);
});

it('does not offer to copy or redo an answer that is still being written', () => {
  const { byTestId } = start({ message: makeMessage({ id: 'a', status: 'streaming', content: 'Half' }) });
  expect(byTestId('copy-button').exists()).toBe(false);
  expect(byTestId('regenerate-button').exists()).toBe(false);
});

it('takes a thumb, and takes it back when it is pressed again', async () => {
  const message = makeMessage({ id: 'a', content: 'So it is.' });
  const { part, byTestId } = start({ message });
  await byTestId('thumb-up').trigger('click');
  await byTestId('thumb-down').trigger('click');
  const rated = { ...message, feedback: 1 as const };
  await part.setProps({ message: rated });
  expect(byTestId('thumb-up').attributes('aria-pressed')).toBe('true');
  await byTestId('thumb-up').trigger('click');
  expect(part.emitted('rate')).toEqual([
    [message, 1],
    [message, -1],
    [rated, null],
  ]);
});

it('names the page of a source, on its chip and in the list', async () => {
  const sources = [{ ...makeSource(1, 'One.'), page: 7 }];
  const { part, byTestId } = start({ message: makeMessage({ id: 'a', content: 'It is so [1].', sources }) });
  await eventually(() => expect(byTestId('citation-chip').exists()).toBe(true));
  expect(byTestId('citation-chip').attributes('aria-label')).toBe('Source 1: Page 1, page 7');
  expect(byTestId('source-item').text()).toContain('Page 7 · Part');
  expect(part.findAll('[data-testid="thumb-up"]')).toHaveLength(1);
});
