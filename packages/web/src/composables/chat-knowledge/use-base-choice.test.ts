import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, it } from 'vitest';
import { ref } from 'vue';
import { useKnowledgeBases } from '../../stores/knowledge-bases.ts';
import { makeBase } from '../../testing/make-knowledge.ts';
import { useBaseChoice } from './use-base-choice.ts';

beforeEach(() => {
  localStorage.clear();
  setActivePinia(createPinia());
});

function start(id: string | null, remembered: string[] = []) {
  const openId = ref(id);
  const conversation = ref<{ knowledge_bases: string[] } | null>({ knowledge_bases: remembered });
  return { openId, conversation, ...useBaseChoice(openId, conversation) };
}

it('begins with what the conversation remembers, and then need not be sent', () => {
  const choice = start('c1', ['a', 'b']);
  expect(choice.chosen.value).toEqual(['a', 'b']);
  expect(choice.toSend()).toBeNull();
});

it('is sent when it is another one, and remembered once the server has it', () => {
  const choice = start('c1', ['a']);
  choice.choose(['a', 'b']);
  expect(choice.toSend()).toEqual(['a', 'b']);
  choice.conversation.value = { knowledge_bases: ['a', 'b'] };
  choice.wereStored(['a', 'b']);
  expect(choice.toSend()).toBeNull();
  expect(start('c1', ['a', 'b']).toSend()).toBeNull();
});

it('can be none', () => {
  const choice = start('c1', ['a']);
  choice.choose([]);
  expect(choice.toSend()).toEqual([]);
});

it('is the same in another order', () => {
  const choice = start('c1', ['a', 'b']);
  choice.choose(['b', 'a']);
  expect(choice.toSend()).toBeNull();
});

it('is kept for a new chat over a reload, and goes with it when it gets its id', () => {
  start(null).choose(['a']);
  const choice = start(null);
  expect(choice.chosen.value).toEqual(['a']);
  choice.moveTo('c9');
  choice.openId.value = 'c9';
  expect(choice.chosen.value).toEqual(['a']);
  expect(start(null).chosen.value).toEqual([]);
});

it('is that of the conversation which is opened', () => {
  const choice = start('c1', ['a']);
  choice.choose(['b']);
  choice.openId.value = 'c2';
  expect(choice.chosen.value).toEqual(['a']);
  choice.openId.value = 'c1';
  expect(choice.chosen.value).toEqual(['b']);
});

it('leaves out a base that is there no longer, and tells the server so', () => {
  const bases = useKnowledgeBases();
  bases.bases = [makeBase({ id: 'a' })];
  bases.status = 'loaded';
  const choice = start('c1', ['a', 'gone']);
  expect(choice.chosen.value).toEqual(['a']);
  expect(choice.toSend()).toEqual(['a']);
});
