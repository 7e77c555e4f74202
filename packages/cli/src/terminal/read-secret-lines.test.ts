import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { FakeTerminal } from '../testing/fake-terminal.ts';
import { readSecretLines } from './read-secret-lines.ts';

it('shows its questions and nothing of what is typed', async () => {
  const terminal = new FakeTerminal();
  const reading = readSecretLines(['New: ', 'Again: '], terminal);
  terminal.input.write('secret one\rsecret x\u007Ftwo\r');
  expect(await reading).toEqual(['secret one', 'secret two']);
  expect(terminal.shown).toBe('New: \nAgain: \n');
});

it('does not bring the first line back by the arrow up', async () => {
  const terminal = new FakeTerminal();
  const reading = readSecretLines(['New: ', 'Again: '], terminal);
  terminal.input.write('secret\r\u001B[A\r');
  expect(await reading).toEqual(['secret', '']);
});

it.each([
  ['Ctrl+C', '\u0003'],
  ['Ctrl+D', '\u0004'],
])('answers what there is when the person gives up by %s', async (_name, key) => {
  const terminal = new FakeTerminal();
  const reading = readSecretLines(['New: ', 'Again: '], terminal);
  terminal.input.write(`secret\r${key}`);
  expect(await reading).toEqual(['secret']);
});

it('reads a pipe without questions', async () => {
  const input = new PassThrough();
  const output = new PassThrough({ encoding: 'utf8' });
  input.end('from a file\r\nand more\n');
  expect(await readSecretLines(['New: '], { input, output })).toEqual(['from a file']);
  expect(output.read()).toBeNull();
});

it('reads the last line of a pipe that does not end it, and nothing from an empty one', async () => {
  for (const [text, lines] of [
    ['no newline', ['no newline']],
    ['', []],
  ] as const) {
    const input = new PassThrough();
    input.end(text);
    expect(await readSecretLines(['New: '], { input, output: new PassThrough() })).toEqual(lines);
  }
});
