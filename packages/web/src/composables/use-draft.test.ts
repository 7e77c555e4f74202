import { beforeEach, expect, it } from 'vitest';
import { ref } from 'vue';
import { useDraft } from './use-draft.ts';

beforeEach(() => localStorage.clear());

it('keeps a draft for each conversation', () => {
  const id = ref<string | null>('one');
  const draft = useDraft(id);
  draft.value = 'half a thought';
  id.value = 'two';
  expect(draft.value).toBe('');
  id.value = 'one';
  expect(draft.value).toBe('half a thought');
});

it('has the draft after a reload, and none after it was sent', () => {
  useDraft(ref(null)).value = 'still here';
  const again = useDraft(ref(null));
  expect(again.value).toBe('still here');
  again.value = '';
  expect(useDraft(ref(null)).value).toBe('');
});

it('keeps what is typed while a new conversation gets its id', () => {
  const id = ref<string | null>(null);
  const draft = useDraft(id);
  draft.value = 'and another thing';
  id.value = 'made';
  expect(draft.value).toBe('and another thing');
  expect(useDraft(ref(null)).value).toBe('');
  expect(useDraft(ref('made')).value).toBe('and another thing');
});
