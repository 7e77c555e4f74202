import { expect, it } from 'vitest';
import { nextTick, ref } from 'vue';
import { makeChatFile } from '../../testing/make-chat-file.ts';
import type { ChatFile } from './chat-file.ts';
import { useHeldQuestion } from './use-held-question.ts';

function start(...names: [name: string, group: ChatFile['group']][]) {
  const asked: string[] = [];
  const draft = ref('Why?');
  const canAsk = ref(true);
  const visit = ref(0);
  const files = ref<ChatFile[]>(names.map(([name, group]) => makeChatFile(name, group)));
  const set = async (...now: [name: string, group: ChatFile['group']][]) => {
    files.value = now.map(([name, group]) => makeChatFile(name, group));
    await nextTick();
  };
  const ask = (text: string) => {
    draft.value = '';
    asked.push(text);
  };
  return { ...useHeldQuestion({ draft, canAsk, files, visit, ask }), draft, canAsk, visit, asked, set };
}

it('asks at once when all files are ready', () => {
  const question = start(['a', 'settled'], ['b', 'failed']);
  question.send('Why?');
  expect(question.asked).toEqual(['Why?']);
});

it('holds a question until the last file is ready, then asks by itself', async () => {
  const question = start(['a', 'working'], ['b', 'working']);
  question.send('Why?');
  expect([question.hold.value, question.awaited.value]).toEqual(['files', ['a', 'b']]);
  await question.set(['a', 'settled'], ['b', 'working']);
  expect(question.asked).toEqual([]);
  await question.set(['a', 'settled'], ['b', 'settled']);
  expect(question.asked).toEqual(['Why?']);
  expect(question.hold.value).toBeNull();
});

it('asks now when its reader does not want to wait', () => {
  const question = start(['a', 'working']);
  question.send('Why?');
  question.sendNow();
  expect(question.asked).toEqual(['Why?']);
});

it('does not ask without a file that failed meanwhile, but says so and asks on the next wish', async () => {
  const question = start(['old', 'failed'], ['a', 'working']);
  question.send('Why?');
  await question.set(['old', 'failed'], ['a', 'failed']);
  expect([question.hold.value, question.lost.value, question.asked]).toEqual(['lost', ['a'], []]);
  question.send('Why?');
  expect(question.asked).toEqual(['Why?']);
  expect(question.hold.value).toBeNull();
});

it('lets go when the question is to be changed', async () => {
  const question = start(['a', 'working']);
  question.send('Why?');
  question.release();
  await question.set(['a', 'settled']);
  expect([question.asked, question.draft.value]).toEqual([[], 'Why?']);
});

it('does not ask it in another conversation', async () => {
  const question = start(['a', 'working']);
  question.send('Why?');
  question.visit.value += 1;
  await nextTick();
  await question.set();
  expect(question.asked).toEqual([]);
});

it('keeps a question that is sent while the page still opens', async () => {
  const question = start();
  question.canAsk.value = false;
  await nextTick();
  question.send('Why?');
  expect(question.hold.value).toBe('page');
  question.canAsk.value = true;
  await nextTick();
  expect(question.asked).toEqual(['Why?']);
});
