import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');

function parley(args: string[], more: Record<string, string> = {}) {
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; output: string; complaints: string }>();
  const env = { PATH: process.env['PATH'], LANG: 'C', ...more };
  execFile(process.execPath, ['bootstrap.mjs', 'parley', ...args], { cwd: root, env }, (error, output, complaints) =>
    resolve({ code: error?.code ?? 0, output, complaints }),
  );
  return promise;
}

describe('the help', () => {
  it('is in the language of the terminal, as a whole', async () => {
    const { code, output } = await parley(['models', 'test', '--help'], { LANG: 'zh_CN.UTF-8' });
    expect(code).toBe(0);
    expect(output).toMatch(/^用法：.*\n\n.*\n\n参数：\n.*\n\n选项：\n.*\n.*打印命令的用法\n$/);
  });

  it('is pointed to after a command that is called wrongly', async () => {
    const { code, complaints } = await parley(['models', 'lst']);
    expect(code).toBe(1);
    expect(complaints).toMatch(/Add --help to see how it is called\.\n$/);
  });
});

it('says in one line what the system does not allow', async () => {
  const { code, complaints } = await parley(['config'], { PARLEY_CONFIG: 'docs' });
  expect(code).toBe(1);
  expect(complaints).toMatch(/^EISDIR: [^\n]+\n$/);
});
