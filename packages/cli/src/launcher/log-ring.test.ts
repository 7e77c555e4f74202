import { expect, it } from 'vitest';
import { LogRing, withoutSecrets } from './log-ring.ts';

it('keeps the last 200 lines', () => {
  const ring = new LogRing();
  for (let line = 1; line <= 250; line += 1) ring.add(`line ${line}`);
  expect([ring.lines.length, ring.lines[0], ring.lines.at(-1)]).toEqual([200, 'line 51', 'line 250']);
});

it('blanks every secret, wherever it stands, and no ordinary word', () => {
  const secrets = ['sk-a-long-key', 'on'];
  expect(withoutSecrets('sk-a-long-key refused on "sk-a-long-key"', secrets)).toBe('[hidden] refused on "[hidden]"');
});
