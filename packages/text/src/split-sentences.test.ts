import { describe, expect, it } from 'vitest';
import { splitSentences } from './split-sentences.ts';

const sentencesOf = (text: string) => splitSentences(text).map(({ start, end }) => text.slice(start, end));

describe('splitSentences', () => {
  it('ends an English sentence at . ! ? before a space', () => {
    expect(sentencesOf('It works. Does it? Yes! Good')).toEqual(['It works.', 'Does it?', 'Yes!', 'Good']);
  });

  it('ends a Chinese sentence at its marks, with no space needed', () => {
    expect(sentencesOf('好。真的？是！第一；第二……完')).toEqual(['好。', '真的？', '是！', '第一；', '第二……', '完']);
  });

  it('takes the quotes and brackets that close after the mark along', () => {
    expect(sentencesOf('他说：“走吧。”然后走了。')).toEqual(['他说：“走吧。”', '然后走了。']);
    expect(sentencesOf('She said "Go." Then (at last.) He left.')).toEqual([
      'She said "Go."',
      'Then (at last.)',
      'He left.',
    ]);
  });

  it.each([
    'Use e.g. Ollama, i.e. Dr. Smith and Mr. Lee.',
    'Pi is 3.14 and the version is v26.10.0.',
    'Open http://127.0.0.1:8000/a?b=c.d and parley.config.yaml.',
    'The U.S. Army met J. Smith et al. (see Fig. 3).',
    'Wait… what happened?',
    'Write `npm start. Then wait` in one line.',
    'Write node.js and Yahoo! in one line.',
  ])('does not cut inside: %s', (text) => {
    expect(sentencesOf(text)).toEqual([text]);
  });

  it('keeps the number of a list item with its words', () => {
    expect(sentencesOf('1. Run npm start.\n2. Open the page. Sign in.\n- Done')).toEqual([
      '1. Run npm start.',
      '2. Open the page.',
      'Sign in.',
      '- Done',
    ]);
  });

  it('ends a sentence at a heading and at an empty line, but not at a wrapped one', () => {
    expect(sentencesOf('# Ollama\nTo connect it\nadd a line\n\nThen restart')).toEqual([
      '# Ollama',
      'To connect it\nadd a line',
      'Then restart',
    ]);
  });

  it('keeps a fenced code block and a table row in one piece', () => {
    const text = 'Run:\n\n```sh\nnpm start. Now\n\n# not a heading\n```\n\n| A. B | c |\n|---|---|\n| d | E. F |';
    expect(sentencesOf(text)).toEqual([
      'Run:',
      '```sh\nnpm start. Now\n\n# not a heading\n```',
      '| A. B | c |',
      '| d | E. F |',
    ]);
  });

  it('takes a fence that is never closed to the end', () => {
    expect(sentencesOf('~~~\na. B\n```\nc')).toEqual(['~~~\na. B\n```\nc']);
  });

  it('mixes both languages in one line', () => {
    expect(sentencesOf('用 Ollama 吗?可以。Set base_url. 然后重启')).toEqual([
      '用 Ollama 吗?',
      '可以。',
      'Set base_url.',
      '然后重启',
    ]);
  });

  it('reads Windows line ends', () => {
    expect(sentencesOf('One\r\n\r\nTwo.\r\nThree.')).toEqual(['One', 'Two.', 'Three.']);
  });

  it('answers spans in order that hold all words', () => {
    const text = '你好，世界。Hello. \n\n- a\n- b。 c';
    expect(sentencesOf(text).join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
  });

  it('finds no sentence in white space', () => {
    expect(splitSentences(' \n\n ')).toEqual([]);
  });

  it('reads a megabyte of marks in well under a second', () => {
    const start = performance.now();
    splitSentences('`'.repeat(500_000) + '.'.repeat(500_000));
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
