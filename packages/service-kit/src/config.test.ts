import { expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, parseConfig } from './config.ts';

const schema = z.object({ port: z.number().int().max(65_535), name: z.string() });

it('names every wrong setting by its path', () => {
  expect(() => parseConfig('gateway', schema, { port: 70_000 })).toThrow(ConfigError);
  expect(() => parseConfig('gateway', schema, { port: 70_000 })).toThrow(/gateway\.port: .*65535[\s\S]*gateway\.name:/);
});

it('hands out settings that nobody can change', () => {
  const config = parseConfig('gateway', schema, { port: 1, name: 'n' });
  expect(Object.isFrozen(config)).toBe(true);
});
