import { expect, it } from 'vitest';
import { errorCodes } from '@parley/contracts';
import { createTranslator, toLocaleName } from './create-i18n.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

function flatten(texts: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null
        ? [...flatten(value, `${prefix}${key}.`)]
        : [[`${prefix}${key}`, String(value)] as [string, string]],
    ),
  );
}
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).toSorted();

it('has the same texts in both languages', () => {
  expect([...flatten(zh).keys()].toSorted()).toEqual([...flatten(en).keys()].toSorted());
});

it('fills the same blanks in both languages', () => {
  const chinese = flatten(zh);
  for (const [key, text] of flatten(en))
    expect([key, placeholders(chinese.get(key) ?? '')]).toEqual([key, placeholders(text)]);
});

it('has a sentence of its own for every error of the table', () => {
  expect(Object.keys(en.errors).toSorted()).toEqual(Object.keys(errorCodes).toSorted());
});

it('can say every text', () => {
  for (const locale of ['en', 'zh'] as const) {
    const { t } = createTranslator(locale).global;
    for (const key of flatten(en).keys()) expect([key, t(key)]).not.toContain('');
  }
});

it('speaks Chinese to every kind of Chinese browser, and English to all others', () => {
  expect(['zh', 'zh-CN', 'ZH-tw', 'en', 'de', null].map(toLocaleName)).toEqual(['zh', 'zh', 'zh', 'en', 'en', 'en']);
});
