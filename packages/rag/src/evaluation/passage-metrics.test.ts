import { expect, it } from 'vitest';
import { passagePrecision, passageRecall } from './passage-metrics.ts';

const passages = ['备份由小王负责。', 'The weather is fine.', '小王今天不在。', 'Nothing.'];

it('asks whether any passage holds an answer, and how many do', () => {
  expect([passageRecall(passages, ['小王', '老李']), passagePrecision(passages, ['小王', '老李'])]).toEqual([1, 0.5]);
  expect([passageRecall(passages, ['老李']), passagePrecision(passages, ['老李'])]).toEqual([0, 0]);
});

it('is 0 where nothing was found', () => {
  expect([passageRecall([], ['x']), passagePrecision([], ['x'])]).toEqual([0, 0]);
});
