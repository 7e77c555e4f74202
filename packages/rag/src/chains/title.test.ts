import { describe, expect, it } from 'vitest';
import { tidyTitle, titleFromQuestion } from './title.ts';

describe('titleFromQuestion', () => {
  it.each([
    ['How do I connect Ollama?', 'How do I connect Ollama'],
    ['怎么接入智谱 GLM？', '怎么接入智谱 GLM'],
    ['Hello there. Please explain Rust.', 'Hello there'],
    ['  ## Fix `npm start`!!  \nIt fails', 'Fix npm start'],
    ['1. write a poem\n2. translate it', 'write a poem'],
    ['What is f(x)?', 'What is f(x)'],
    ['two\nlines', 'two lines'],
    ['Why is **C#** up by 50%?', 'Why is C# up by 50%'],
    ['???', '???'],
  ])('%j becomes %j', (question, title) => {
    expect(titleFromQuestion(question)).toBe(title);
  });

  it('cuts a long English sentence at a word, within 60 letters', () => {
    const title = titleFromQuestion(
      'Please write a long and detailed essay about the history of the printing press in Europe',
    );
    expect(title).toBe('Please write a long and detailed essay about the history of');
  });

  it('does not end a cut title with a mark', () => {
    expect(titleFromQuestion(`${'word '.repeat(11)}end, and then more of it`)).toBe(`${'word '.repeat(11)}end`);
  });

  it('cuts a long Chinese sentence at 30 characters', () => {
    expect(titleFromQuestion('请'.repeat(50))).toBe('请'.repeat(30));
  });

  it('cuts one endless word hard rather than to nothing', () => {
    expect(titleFromQuestion('x'.repeat(500))).toBe('x'.repeat(60));
  });

  it('is never empty if the question is not', () => {
    for (const question of ['。', '```', '- ', '>', '"', '😀']) expect(titleFromQuestion(question)).not.toBe('');
  });
});

describe('tidyTitle', () => {
  it.each([
    ['"Connecting Ollama."', 'Connecting Ollama'],
    ['《接入智谱》', '接入智谱'],
    ['# Title\nand an explanation', 'Title'],
    ['  ', ''],
  ])('%j becomes %j', (written, title) => {
    expect(tidyTitle(written)).toBe(title);
  });
});
