import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { english as say } from '../terminal/messages.en.ts';
import { FakeTerminal } from '../testing/fake-terminal.ts';
import { readNewPassword } from './password.ts';

describe('a new password that is typed', () => {
  const type = (keys: string) => {
    const terminal = new FakeTerminal();
    terminal.input.write(keys);
    return readNewPassword(say, terminal);
  };

  it('is taken when it is typed twice the same', async () => {
    expect(await type('correct horse\rcorrect horse\r')).toBe('correct horse');
  });

  it.each([
    ['differs the second time', 'correct horse\rcorrect house\r', say.password.different],
    ['is too short', 'short\rshort\r', say.password.tooShort(8)],
    ['is given up half way', 'correct horse\r\u0003', say.password.missing],
  ])('is refused when it %s', async (_case, keys, sentence) => {
    await expect(type(keys)).rejects.toThrow(sentence);
  });
});

describe('a new password from a pipe', () => {
  const pipe = (text: string) => {
    const input = new PassThrough();
    input.end(text);
    return readNewPassword(say, { input, output: new PassThrough() });
  };

  it('is its first line, spaces and all', async () => {
    expect(await pipe(' correct horse \nmore\n')).toBe(' correct horse ');
  });

  it('is refused when there is none, or it is too short', async () => {
    await expect(pipe('')).rejects.toThrow(say.password.missing);
    await expect(pipe('short\n')).rejects.toThrow(say.password.tooShort(8));
  });
});
