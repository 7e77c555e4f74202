import { describe, expect, it } from 'vitest';
import type { ToolFormat } from '../grammar/tool-format.ts';
import { AnswerReader, type AnswerPart, type AnswerReaderOptions } from './answer-reader.ts';

const hermes: ToolFormat = {
  open: '<tool_call>',
  close: '</tool_call>',
  argumentsKey: 'arguments',
  isInTemplate: true,
};
const llama: ToolFormat = { open: '{"name":', close: '', argumentsKey: 'parameters', isInTemplate: true };

/** What becomes of a text that comes in pieces of `size` characters. */
function read(text: string, options: Partial<AnswerReaderOptions> = {}, size = 1) {
  const reader = new AnswerReader({ stops: [], tools: null, startsThinking: false, ...options });
  const parts: AnswerPart[] = [];
  for (let place = 0; place < text.length; place += size) parts.push(reader.push(text.slice(place, place + size)));
  parts.push(reader.flush());
  const joined = (field: 'content' | 'reasoning_content') => parts.map((part) => part[field] ?? '').join('');
  const calls: { name: string; arguments: string }[] = [];
  for (const { index, function: called } of parts.flatMap((part) => part.tool_calls ?? [])) {
    const call = (calls[index] ??= { name: called.name ?? '', arguments: '' });
    call.arguments += called.arguments;
  }
  return { content: joined('content'), thought: joined('reasoning_content'), calls, reader };
}

describe.each([1, 2, 3, 7, 1000])('an answer in pieces of %i characters', (size) => {
  it('is text', () => {
    expect(read(' <thing> & <tool', {}, size)).toMatchObject({ content: ' <thing> & <tool', thought: '' });
  });

  it('begins with a thought, or goes on with one that the prompt opened', () => {
    const options = { startsThinking: true };
    expect(read('<think>a < b</think>\n\nYes', {}, size)).toMatchObject({ content: 'Yes', thought: 'a < b' });
    expect(read('a < b</think>Yes', options, size)).toMatchObject({ content: 'Yes', thought: 'a < b' });
    expect(read('<think>endless', {}, size)).toMatchObject({ content: '', thought: 'endless' });
  });

  it('ends at a stop string, but not within a thought', () => {
    const { content, reader } = read('<think>STOP</think>one STO two STOP three', { stops: ['STOP'] }, size);
    expect([content, reader.isStopped]).toEqual(['one STO two ', true]);
  });

  it('ends at a stop string that it begins with', () => {
    for (const [text, stop] of [
      ['\n\n\n', '\n\n'],
      [' <thi', 'th'],
      ['<', '<'],
    ] as const) {
      const { content, reader } = read(text, { stops: [stop] }, size);
      expect([content, reader.isStopped]).toEqual([text.slice(0, text.indexOf(stop)), true]);
    }
    const endless = new AnswerReader({ stops: ['\n'], tools: null, startsThinking: false });
    endless.push('\n');
    expect(endless.isStopped).toBe(true);
  });

  it('calls tools, one after the other', () => {
    const call = (zone: string) =>
      `<tool_call>\n{"name": "time", "arguments": {"zone": "${zone}", "of": [{}]}}\n</tool_call>`;
    const { content, calls } = read(
      `Well: ${call('a}"')}\n${call('b')}`.replace('a}"', 'a}\\"'),
      { tools: hermes },
      size,
    );
    expect(content).toBe('Well: ');
    expect(calls).toEqual([
      { name: 'time', arguments: '{"zone": "a}\\"", "of": [{}]}' },
      { name: 'time', arguments: '{"zone": "b", "of": [{}]}' },
    ]);
  });

  it('calls a tool without marks', () => {
    const { content, calls } = read('{"name": "time", "parameters": {"zone": "a"}}', { tools: llama }, size);
    expect({ content, calls }).toEqual({ content: '', calls: [{ name: 'time', arguments: '{"zone": "a"}' }] });
  });

  it('shows what began like a call and is none', () => {
    const { content, calls } = read('<tool_call>no idea', { tools: hermes }, size);
    expect({ content, calls }).toEqual({ content: 'no idea', calls: [] });
  });
});
