import { describe, expect, it } from 'vitest';
import { rouge, type RougeOptions } from './rouge.ts';

const f1s = (answer: string, reference: string, options?: RougeOptions) => {
  const { rouge1, rouge2, rougeL } = rouge(answer, reference, options);
  return [rouge1.f1, rouge2.f1, rougeL.f1].map((value) => Math.round(value * 1e10) / 1e10);
};

// Values of Google's rouge-score 0.1.2 (PyPI).
describe('ROUGE of English', () => {
  it.each([
    [
      'The quick brown fox jumps over the lazy dog',
      'The quick brown dog jumps on the log.',
      [0.7058823529, 0.2666666667, 0.5882352941],
    ],
    [
      'Connected computers are running programs',
      'The running programs connected the computer',
      [0.5454545455, 0.2222222222, 0.3636363636],
    ],
    ['police kill the gunman', 'police killed the gunman', [0.75, 0.3333333333, 0.75]],
    ['the gunman kill police', 'police killed the gunman', [0.75, 0.3333333333, 0.5]],
  ])('%j against %j', (answer, reference, expected) => {
    expect(f1s(answer, reference)).toEqual(expected);
  });

  it.each([
    [
      'Connected computers are running programs',
      'The running programs connected the computer',
      [0.7272727273, 0.2222222222, 0.3636363636],
    ],
    ['police kill the gunman', 'police killed the gunman', [1, 1, 1]],
  ])('by stems: %j against %j', (answer, reference, expected) => {
    expect(f1s(answer, reference, { stems: 'porter' })).toEqual(expected);
  });
});

// Values of rouge-score 0.1.2 with a tokenizer of single characters.
describe('ROUGE of Chinese', () => {
  it.each([
    ['北京是中国的首都。', '中国的首都是北京', [1, 0.7142857143, 0.625]],
    ['数据库每天晚上备份，由小王负责。', '小王负责每晚备份数据库', [0.88, 0.5217391304, 0.32]],
  ])('%j against %j', (answer, reference, expected) => {
    expect(f1s(answer, reference)).toEqual(expected);
  });
});

it('is 0 where there is nothing to compare', () => {
  expect(f1s('', 'something')).toEqual([0, 0, 0]);
  expect(f1s('one', 'one')).toEqual([1, 0, 1]);
});
