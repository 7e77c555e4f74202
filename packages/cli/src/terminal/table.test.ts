import { expect, it } from 'vitest';
import { toTable } from './table.ts';

it('aligns columns, Chinese characters taking two cells', () => {
  expect(
    toTable([
      ['进程', 'pid'],
      ['api', '12'],
      ['controller', '3'],
    ]),
  ).toBe('进程        pid\napi         12\ncontroller  3');
});
