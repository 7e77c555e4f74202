import { describe, expect, it } from 'vitest';
import { chinese } from '../terminal/messages.zh.ts';
import { english } from '../terminal/messages.en.ts';
import { makeBaseDocument } from '../testing/make-base-document.ts';
import { Screen } from '../testing/screen.ts';
import { ProgressLine } from './progress-line.ts';

const show = (screen: Screen, say = english) => new ProgressLine(screen, say);
const error = { code: 'document_encrypted', message: 'It is locked.' } as const;

describe('progress', () => {
  it('is a line for each document at its end, once', () => {
    const screen = new Screen(false);
    const progress = show(screen);
    progress.show(makeBaseDocument('a', { state: 'parsing' }));
    progress.show(makeBaseDocument('a', { chunks: 1 }));
    progress.show(makeBaseDocument('a', { chunks: 1 }));
    progress.show(makeBaseDocument('b', { state: 'failed', error }));
    progress.show(makeBaseDocument('c', { state: 'cancelled' }));
    progress.end();
    expect(screen.written).toBe('ready   a: 1 passage\nfailed  b: It is locked.\nfailed  c: it was cancelled\n');
  });

  it('has a last line on a terminal that is written over and never wraps', () => {
    const screen = new Screen(true);
    const progress = show(screen);
    progress.show(makeBaseDocument('a', { state: 'parsing', percent: 41.7 }));
    expect(screen.written).toBe('\r\u001B[2Ka: being read 42 %');
    progress.show(makeBaseDocument('文'.repeat(50), { state: 'queued', percent: 0 }));
    progress.show(makeBaseDocument('a'));
    const lines = screen.written.split('\r\u001B[2K');
    expect(lines.at(-2)).toBe('ready   a: 2 passages\n');
    expect(lines.at(-1)).toBe('文'.repeat(19));
  });

  it('says why a document is put off, in the terminal’s language', () => {
    const screen = new Screen(false);
    show(screen, chinese).show(makeBaseDocument('a', { state: 'queued', percent: 0, error }));
    expect(screen.written).toMatch(/^失败 {2}a：.*自动再试。\n$/);
  });
});
