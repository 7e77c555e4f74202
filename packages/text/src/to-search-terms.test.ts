import { describe, expect, it } from 'vitest';
import { toSearchTerms } from './to-search-terms.ts';

describe('toSearchTerms', () => {
  it('lower-cases, stems and leaves stop words out', () => {
    expect(toSearchTerms('How do I connect the Connected connections?')).toEqual(['connect', 'connect', 'connect']);
  });

  it('keeps a name whole and in parts', () => {
    expect(toSearchTerms('ZHIPUAI_API_KEY')).toEqual(['zhipuai_api_key', 'zhipuai', 'api', 'kei']);
    expect(toSearchTerms('Node.js')).toEqual(['node.js', 'node', 'js']);
    expect(toSearchTerms('glm-4-flash')).toEqual(['glm-4-flash', 'glm', '4', 'flash']);
  });

  it('treats a hyphen between words as a space', () => {
    expect(toSearchTerms('self-hosted')).toEqual(['self', 'host']);
  });

  it('drops the possessive and the bits of contractions', () => {
    expect(toSearchTerms("Parley’s page doesn't")).toEqual(['parlei', 'page']);
  });

  it('makes single characters and pairs of Chinese, Japanese and Korean', () => {
    expect(toSearchTerms('知识库')).toEqual(['知', '识', '知识', '库', '识库']);
    expect(toSearchTerms('カナ')).toEqual(['カ', 'ナ', 'カナ']);
    expect(toSearchTerms('한국')).toEqual(['한', '국', '한국']);
  });

  it('cuts Chinese question words out before it makes pairs', () => {
    expect(toSearchTerms('怎么停止回答吗')).toEqual(['停', '止', '停止', '回', '止回', '答', '回答']);
  });

  it('tells scripts apart without spaces between them', () => {
    expect(toSearchTerms('用Ollama跑llama3')).toEqual(['用', 'ollama', '跑', 'llama3']);
  });

  it('finds full-width letters as plain ones', () => {
    expect(toSearchTerms('ＧＬＭ－４')).toEqual(toSearchTerms('GLM-4'));
  });

  it('keeps a rare character outside the first plane in one piece', () => {
    expect(toSearchTerms('𠮷野')).toEqual(['𠮷', '野', '𠮷野']);
  });

  it('finds nothing in marks alone', () => {
    expect(toSearchTerms(' … -- ??? ')).toEqual([]);
  });
});
