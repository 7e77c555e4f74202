import { estimateTokens } from '@parley/text';
import { describe, expect, it } from 'vitest';
import { findTitle, splitMarkdown } from './split-markdown.ts';

const passagesOf = (text: string, maxTokens?: number) =>
  splitMarkdown(text, maxTokens).map(({ start, end, headingPath }) => [
    headingPath.join(' > '),
    text.slice(start, end),
  ]);

describe('splitMarkdown', () => {
  it('cuts at headings and keeps their path, headings themselves left out', () => {
    const text = '# Guide\n\nHello.\n\n## Start\n\nRun it.\n\n### On Windows\n\nUse npm.\n\n## Stop\n\nPress Ctrl+C.\n';
    expect(passagesOf(text)).toEqual([
      ['Guide', 'Hello.'],
      ['Guide > Start', 'Run it.'],
      ['Guide > Start > On Windows', 'Use npm.'],
      ['Guide > Stop', 'Press Ctrl+C.'],
    ]);
  });

  it('takes no comment of a code block for a heading', () => {
    const text = '# A\n\n```sh\n# not a heading\nnpm start\n```';
    expect(passagesOf(text)).toEqual([['A', '```sh\n# not a heading\nnpm start\n```']]);
  });

  it('leaves a section without a body out, but keeps it in the path', () => {
    expect(passagesOf('# A\n\n## B\n\nText.')).toEqual([['A > B', 'Text.']]);
  });

  it('keeps a list with the line that introduces it', () => {
    const list =
      'To connect it:\n\n1. Install Ollama.\n2. Add the model.\n\n   ```yaml\n   models:\n   ```\n\n3. Restart.';
    const text = `${'Some words before. '.repeat(9).trim()}\n\n${list}\n\n${'And words after. '.repeat(9).trim()}`;
    expect(passagesOf(text, 45).map(([, words]) => words)).toContain(list);
  });

  it('cuts a list that does not fit between its items', () => {
    const items = Array.from({ length: 8 }, (_, place) => `- item ${place} has some words.`);
    for (const [, words] of passagesOf(items.join('\n'), 20)) {
      for (const line of words!.split('\n')) expect(items).toContain(line);
    }
  });

  it('cuts a table that does not fit between its rows, and code between its lines', () => {
    const rows = Array.from({ length: 9 }, (_, place) => `| name ${place} | value. Of it |`);
    const code = ['```', ...Array.from({ length: 9 }, (_, place) => `const line${place} = ${place};`), '```'];
    const text = `| a | b |\n|---|---|\n${rows.join('\n')}\n\n${code.join('\n')}`;
    const lines = new Set(text.split('\n'));
    for (const [, words] of passagesOf(text, 16)) {
      for (const line of words!.split('\n').filter(Boolean)) expect(lines).toContain(line);
    }
  });

  it('cuts a long paragraph between sentences, in Chinese too', () => {
    const text = '控制器分配请求。工作进程运行模型。网关转发回答。'.repeat(6);
    const passages = passagesOf(text, 40);
    expect(passages.length).toBeGreaterThan(2);
    for (const [, words] of passages) expect(words!.endsWith('。')).toBe(true);
  });

  it('cuts even a sentence without an end when it must, never inside a character', () => {
    const text = '𠮷'.repeat(100);
    const passages = passagesOf(text, 15);
    expect(passages.map(([, words]) => words).join('')).toBe(text);
    for (const [, words] of passages) expect(words!.isWellFormed()).toBe(true);
  });

  it.each(['\n', '\r\n'])('answers spans in order, inside the limit, that miss no word (line end %j)', (lineEnd) => {
    const text = sample.replaceAll('\n', lineEnd);
    const spans = splitMarkdown(text, 30);
    let place = 0;
    let words = '';
    for (const { start, end } of spans) {
      expect(start).toBeGreaterThanOrEqual(place);
      expect(estimateTokens(text.slice(start, end))).toBeLessThanOrEqual(30);
      words += text.slice(start, end);
      place = end;
    }
    const bare = (some: string) => some.replaceAll(/[\s|-]/g, '');
    expect(bare(words)).toBe(bare(text.replaceAll(/^#.*$/gm, '')));
  });

  it('makes plain text passages of its paragraphs', () => {
    expect(passagesOf('One.\n\nTwo.')).toEqual([['', 'One.\n\nTwo.']]);
    expect(passagesOf(' \n ')).toEqual([]);
  });
});

it.each([
  ['a heading of blanks', `# ${' '.repeat(200_000)}x${' '.repeat(200_000)}#y`],
  ['a list', '- item number one has words.\n'.repeat(20_000)],
  ['one endless word', 'x'.repeat(500_000)],
])('reads half a megabyte of %s in well under two seconds', (_, text) => {
  const begun = performance.now();
  splitMarkdown(text);
  expect(performance.now() - begun).toBeLessThan(5_000);
});

describe('findTitle', () => {
  it('is the first heading of the highest level', () => {
    expect(findTitle('## Note\n\n# The `title`\n\n# Other')).toBe('The title');
  });

  it('leaves closing marks out, but not those of a name', () => {
    expect(findTitle('# Title ##')).toBe('Title');
    expect(findTitle('# Using C#')).toBe('Using C#');
  });

  it('is null without a heading', () => {
    expect(findTitle('Just words.')).toBeNull();
  });
});

const sample = [
  '# Settings 设置',
  'Every setting has a default. Change only what you need, e.g. the port. 端口可以修改。修改后请重新启动。',
  '## Server',
  'The server listens here:\n\n| name | default |\n|---|---|\n| host | 127.0.0.1 |\n| port | 8000 |',
  '```yaml\nserver:\n  port: 8000\n```',
  '1. Open the file.\n2. Change it. Save it.\n   - or not\n3. Restart.',
  'A last line that goes on and on without an end for quite a while so that it does not fit into one passage of the size that is asked for here',
].join('\n\n');
