import { describe, expect, it } from 'vitest';
import { selectTurns } from './select-turns.ts';
import { toMessages } from './to-messages.ts';

const turn = (question: string, answer = `answer to ${question}`) => ({ question, answer });
/** 100 estimated tokens. */
const long = 'x'.repeat(400);

describe('selectTurns', () => {
  it('keeps all turns that fit, oldest first', () => {
    const turns = [turn('one'), turn('two'), turn('three')];
    expect(selectTurns(turns)).toEqual(turns);
  });

  it('keeps the newest ten unless told otherwise', () => {
    const turns = Array.from({ length: 13 }, (_, place) => turn(`q${place}`));
    expect(selectTurns(turns)).toEqual(turns.slice(3));
    expect(selectTurns(turns, { maxTurns: 2 })).toEqual(turns.slice(11));
    expect(selectTurns(turns, { maxTurns: 0 })).toEqual([]);
  });

  it('skips a turn that was never answered', () => {
    expect(selectTurns([turn('one'), turn('failed', ' \n'), turn('three')])).toEqual([turn('one'), turn('three')]);
  });

  it('drops whole turns from the oldest when the budget is spent, never half a turn', () => {
    const turns = [turn(long, long), turn(long, long), turn(long, long)];
    expect(selectTurns(turns, { tokenBudget: 450 })).toEqual(turns.slice(1));
    expect(selectTurns(turns, { tokenBudget: 399 })).toEqual(turns.slice(2));
  });

  it('leaves no hole: what is older than a turn that does not fit is dropped too', () => {
    const turns = [turn('small'), turn(long, long.repeat(5)), turn('newest')];
    expect(selectTurns(turns, { tokenBudget: 500 })).toEqual([turn('newest')]);
  });

  it('keeps a newest turn that is longer than the budget, up to four times', () => {
    expect(selectTurns([turn('old'), turn(long, long)], { tokenBudget: 60 })).toEqual([turn(long, long)]);
    expect(selectTurns([turn('old'), turn(long, long)], { tokenBudget: 40 })).toEqual([]);
  });
});

it('tells LangChain question and answer in turn', () => {
  const messages = toMessages([turn('one'), turn('two')]);
  expect(messages.map(({ type, text }) => [type, text])).toEqual([
    ['human', 'one'],
    ['ai', 'answer to one'],
    ['human', 'two'],
    ['ai', 'answer to two'],
  ]);
});
