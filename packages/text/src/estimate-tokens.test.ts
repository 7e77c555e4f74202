import { expect, it } from 'vitest';
import { estimateTokens } from './estimate-tokens.ts';

it.each([
  ['', 0],
  ['word', 1],
  ['a longer line', 4],
  ['你好世界', 4],
  ['你好, world', 4],
])('estimates %j as %i tokens', (text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens);
});
