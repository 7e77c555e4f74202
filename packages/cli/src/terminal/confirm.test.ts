import { expect, it } from 'vitest';
import { FakeTerminal } from '../testing/fake-terminal.ts';
import { confirm } from './confirm.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

it.each([
  ['y\r', true],
  ['是\r', true],
  ['n\r', false],
  ['\r', false],
  [CTRL_C, false],
  [CTRL_D, false],
])('takes %j for %s', async (typed, isYes) => {
  const terminal = new FakeTerminal();
  const answer = confirm('Delete? ', terminal);
  terminal.input.write(typed);
  expect(await answer).toBe(isYes);
  expect(terminal.shown).toContain('Delete? ');
});

it('asks nobody where there is no keyboard', async () => {
  const terminal = new FakeTerminal();
  terminal.input.isTTY = false;
  expect(await confirm('Delete? ', terminal)).toBe(false);
  expect(terminal.shown).toBe('');
});
