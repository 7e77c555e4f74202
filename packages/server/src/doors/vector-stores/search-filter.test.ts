import { describe, expect, it } from 'vitest';
import { isMeant, searchFilterSchema } from './search-filter.ts';

const attributes = { topic: 'sea', year: 2026, isDraft: false };
const parse = (filter: unknown) => searchFilterSchema.parse(filter);
const compare = (type: string, key: string, value: unknown) => isMeant(parse({ type, key, value }), attributes);

describe('a comparison', () => {
  it.each([
    ['eq', 'topic', 'sea', true],
    ['eq', 'isDraft', false, true],
    ['eq', 'year', '2026', false],
    ['ne', 'topic', 'land', true],
    ['gt', 'year', 2025, true],
    ['gt', 'year', 2026, false],
    ['gte', 'year', 2026, true],
    ['lt', 'topic', 'tea', true],
    ['lte', 'year', 2025, false],
    ['lt', 'year', 'zzz', false],
    ['in', 'topic', ['land', 'sea'], true],
    ['nin', 'topic', ['land', 'sea'], false],
  ])('%s %s %j is %j', (type, key, value, expected) => expect(compare(type, key, value)).toBe(expected));

  it('finds what is missing unlike everything', () => {
    const types = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'];
    expect(types.filter((type) => compare(type, 'constructor', 'sea'))).toEqual(['ne']);
    expect([compare('in', 'none', ['sea']), compare('nin', 'none', ['sea'])]).toEqual([false, true]);
  });
});

describe('a compound filter', () => {
  const sea = { type: 'eq', key: 'topic', value: 'sea' };
  const old = { type: 'lt', key: 'year', value: 2000 };

  it.each([
    ['and', [sea, old], false],
    ['or', [sea, old], true],
    ['and', [sea, { type: 'or', filters: [old, sea] }], true],
    ['and', [], true],
    ['or', [], false],
  ])('%s of %j is %j', (type, filters, expected) => {
    expect(isMeant(parse({ type, filters }), attributes)).toBe(expected);
  });

  it('is refused when it is too deep, too wide, or of an unknown kind', () => {
    const nested = (levels: number): unknown => (levels === 0 ? sea : { type: 'and', filters: [nested(levels - 1)] });
    expect(searchFilterSchema.safeParse(nested(3)).success).toBe(true);
    expect(searchFilterSchema.safeParse(nested(4)).success).toBe(false);
    expect(searchFilterSchema.safeParse({ type: 'or', filters: Array.from({ length: 51 }, () => sea) }).success).toBe(
      false,
    );
    const many = { type: 'in', key: 'topic', value: Array.from({ length: 500 }, String) };
    expect(searchFilterSchema.safeParse({ type: 'or', filters: [many, sea] }).success).toBe(true);
    expect(searchFilterSchema.safeParse({ type: 'or', filters: [many, many] }).success).toBe(false);
    expect(searchFilterSchema.safeParse({ type: 'contains', key: 'topic', value: 'se' }).success).toBe(false);
  });
});
