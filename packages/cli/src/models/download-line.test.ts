import { describe, expect, it } from 'vitest';
import { english } from '../terminal/messages.en.ts';
import { makeModelDownload } from '../testing/make-model-download.ts';
import { Screen } from '../testing/screen.ts';
import { DownloadLine } from './download-line.ts';

const ERASE = '\r\u001B[2K';
const GIGABYTE = 1_000_000_000;
const received = (percent: number) => makeModelDownload({ received_bytes: (percent / 100) * GIGABYTE });

function show(isTTY: boolean, ...downloads: ReturnType<typeof makeModelDownload>[]): string {
  const screen = new Screen(isTTY);
  const line = new DownloadLine(screen, english);
  for (const download of downloads) line.show(download);
  return screen.written;
}

describe('the progress of a download', () => {
  it('is a line of percent, speed and time left that is written over on a terminal, and taken away at the end', () => {
    const screen = new Screen(true);
    const line = new DownloadLine(screen, english);
    line.show(received(42));
    expect(screen.written).toBe(`${ERASE}tiny.gguf: 42 %  10.0 MB/s, 1 min 40 s `);
    line.end();
    expect(screen.written.endsWith(ERASE)).toBe(true);
  });

  it('is a line for every tenth and every state where there is no terminal', () => {
    const checking = makeModelDownload({ state: 'checking', received_bytes: GIGABYTE });
    const written = show(false, received(0), received(1), received(9), received(31), received(39), checking, checking);
    expect(written.split('\n')).toEqual([
      'tiny.gguf: 0 %  10.0 MB/s, 1 min 40 s left',
      'tiny.gguf: 31 %  10.0 MB/s, 1 min 40 s left',
      'tiny.gguf: checking',
      '',
    ]);
  });

  it('never speaks of sixty seconds', () => {
    expect(show(false, makeModelDownload({ seconds_left: 119.7 }))).toContain('2 min 0 s left');
    expect(show(false, makeModelDownload({ seconds_left: 59.6 }))).toContain('1 min 0 s left');
    expect(show(false, makeModelDownload({ seconds_left: 5 }))).toContain(', 5 s left');
  });

  it('leaves out what nobody knows yet', () => {
    const unknown = { size_bytes: null, seconds_left: null };
    expect(show(false, makeModelDownload(unknown))).toBe('tiny.gguf: 10.0 MB/s\n');
    expect(show(false, makeModelDownload({ ...unknown, bytes_per_second: null }))).toBe('tiny.gguf: downloading\n');
  });

  it('never wraps', () => {
    const [, line = ''] = show(true, makeModelDownload({ file: `${'long-'.repeat(20)}.gguf` })).split(ERASE);
    expect(line).toHaveLength(39);
  });
});
