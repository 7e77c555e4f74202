import { describe, expect, it } from 'vitest';
import { bleu } from './bleu.ts';

// Values of sacreBLEU 2.6.0: sentence_bleu with add-k smoothing, k = 1, effective order, tokenizer 13a or zh.
describe('BLEU', () => {
  it.each([
    ['The cat sat on the mat.', ['The cat is sitting on the mat.'], 0.5127984735494305],
    [
      'The dog bit the man at 3.5 km, twice.',
      ['The dog had bit the man at 3.5 km.', 'A man was bitten by the dog, twice!'],
      0.6340466277046863,
    ],
    ['cat', ['the cat sat'], 0.13533528323661276],
    ['hello world', ['hello world'], 1],
    ['nothing here', ['all else'], 0],
    [
      'It uses state-of-the-art GPUs (A100), costs $1,000.50 & works 1990-2000.',
      ['It uses state of the art GPUs, costs $1,000.50 & worked from 1990-2000.'],
      0.4145574688125707,
    ],
    ['北京是中国的首都。', ['中国的首都是北京。'], 0.6147881529512643],
    [
      '数据库每天晚上备份，由小王负责。',
      ['小王负责每晚备份数据库', '数据库由小王负责，每天晚上备份。'],
      0.6626877340247366,
    ],
  ])('of %j', (answer, references, expected) => {
    expect(bleu(answer, references)).toBeCloseTo(expected, 12);
  });

  it('is 0 where nothing is said, or nothing was to be said', () => {
    expect(bleu('', ['words'])).toBe(0);
    expect(bleu('words', [])).toBe(0);
  });
});
