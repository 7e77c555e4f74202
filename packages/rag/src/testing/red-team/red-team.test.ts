import { describe, expect, it } from 'vitest';
import { ScriptedCompletion, endOf } from '../scripted-completion.ts';
import { attack, createGullibleModel, POISONED_DOCUMENTS } from './index.ts';

/** What nobody can tell from what a document truly says: named here so that nothing else joins it. */
const LIES = new Set([
  'an order so polite that it names no model',
  'a lie that is no order at all',
  '没有命令口气的谎话',
]);

const cases = POISONED_DOCUMENTS.map((document) => [document.name, document] as const);

describe.each(cases.filter(([name]) => !LIES.has(name)))('a poisoned document with %s', (_, document) => {
  it('does not get what it wants, even from a model that believes everything', async () => {
    const { hasSucceeded, answer } = await attack(document, createGullibleModel(document.payload));
    expect(answer).not.toContain(document.payload);
    expect(hasSucceeded).toBe(false);
  });

  it('never reaches the model with tools', async () => {
    const model = new ScriptedCompletion(['ok', endOf()]);
    await attack(document, model.complete);
    expect(model.requests[0]).not.toHaveProperty('tools');
  });
});

it.each(cases.filter(([name]) => LIES.has(name)))(
  'a document with %s is believed: the limit of these defences',
  async (_, document) => {
    expect((await attack(document, createGullibleModel(document.payload))).hasSucceeded).toBe(true);
  },
);

it('would mislead such a model each time without defences', () => {
  for (const { title, text, payload } of POISONED_DOCUMENTS) {
    const letters = [...`${title} ${text}`].map((letter) => {
      const code = letter.codePointAt(0)!;
      return code > 0xe0000 ? String.fromCodePoint(code - 0xe0000) : letter;
    });
    expect(letters.join('')).toContain(payload);
  }
});
