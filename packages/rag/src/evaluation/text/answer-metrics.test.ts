import { describe, expect, it } from 'vitest';
import { containsAnswer, exactMatch, wordOverlap } from './answer-metrics.ts';
import { answerWords, normalizeAnswer } from './answer-words.ts';
import { scoreAnswer } from './score-answer.ts';

describe('normalisation', () => {
  it.each([
    ['The cat sat on the mat.', 'cat sat on mat'],
    ["Gustave Eiffel's company", 'gustave eiffels company'],
    ['  an\tApple ', 'apple'],
    ['état-à-la, a naïve the', 'étatàla naïve'],
    ['“北京”是 中国 的首都。', '北京是中国的首都'],
    ['ＧＰＴ－4 由 OpenAI 发布', 'gpt4由openai发布'],
  ])('makes %j %j', (text, normalised) => {
    expect(normalizeAnswer(text)).toBe(normalised);
  });

  it('takes each Chinese character for a word, and English words whole', () => {
    expect(answerWords('用 Docker 部署。')).toEqual(['用', 'docker', '部', '署']);
  });
});

// Values of the functions in SQuAD's evaluate-v1.1.py.
describe('an answer against one reference', () => {
  it.each([
    ['The cat sat on the mat.', 'a cat sat on a red mat', 1, 0.8, 0.888888888888889],
    ['Barack Hussein Obama II', 'Barack Obama', 0.5, 1, 0.6666666666666666],
    ["It was built in 1889 by Gustave Eiffel's company.", '1889', 0.1111111111111111, 1, 0.19999999999999998],
    ['Paris', 'London', 0, 0, 0],
  ])('%j shares words with %j', (answer, reference, precision, recall, f1) => {
    const overlap = wordOverlap(answer, reference);
    expect(overlap.precision).toBeCloseTo(precision, 12);
    expect(overlap.recall).toBeCloseTo(recall, 12);
    expect(overlap.f1).toBeCloseTo(f1, 12);
  });

  it('counts Chinese by characters', () => {
    const { precision, recall, f1 } = wordOverlap('首都是北京市，没错', '北京首府');
    // By hand: 北, 京, 首 are shared; 8 characters said, 4 wanted.
    expect([precision, recall]).toEqual([3 / 8, 3 / 4]);
    expect(f1).toBeCloseTo(0.5, 12);
  });

  it('counts repeats only as often as both have them', () => {
    expect(wordOverlap('ha ha ha', 'ha ha')).toMatchObject({ precision: 2 / 3, recall: 1 });
  });

  it('matches exactly whatever the case, articles and marks', () => {
    expect(exactMatch('The Eiffel Tower!', 'eiffel tower')).toBe(1);
    expect(exactMatch('“北京”', '北京。')).toBe(1);
    expect(exactMatch('Eiffel Towers', 'Eiffel Tower')).toBe(0);
  });

  it('contains it when the reference stands in it', () => {
    expect(containsAnswer('It was built in 1889.', '1889')).toBe(1);
    expect(containsAnswer('备份由小王负责。', '小王')).toBe(1);
    expect(containsAnswer('It was built in 1988.', '1889')).toBe(0);
  });

  it('is not right by a reference of which nothing is left', () => {
    expect(containsAnswer('Anything', 'The …')).toBe(0);
    expect(wordOverlap('the', 'an apple')).toEqual({ precision: 0, recall: 0, f1: 0 });
    expect(wordOverlap('the', '…')).toEqual({ precision: 1, recall: 1, f1: 1 });
  });
});

describe('an answer against several references', () => {
  it('takes for each figure the reference that is best for it', () => {
    const scores = scoreAnswer('Barack Hussein Obama II', [
      'Obama',
      'Barack Obama',
      'Barack Hussein Obama II of Hawaii',
    ]);
    expect(scores).toMatchObject({ exact_match: 0, sub_em: 1, precision: 1, recall: 1 });
    expect(scores.f1).toBeCloseTo(8 / 10, 12);
  });

  it('is 1 in everything for the reference itself, and 0 for nothing said', () => {
    const reference = '备份每天晚上由小王负责。';
    expect(Object.values(scoreAnswer(reference, [reference])).map((value) => Math.round(value * 1e9) / 1e9)).toEqual(
      Array.from({ length: 9 }, () => 1),
    );
    expect(Object.values(scoreAnswer('', [reference]))).toEqual(Array.from({ length: 9 }, () => 0));
  });
});
