import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PartHandle } from './part-file.ts';
import { DownloadKit, MIB } from './testing/download-kit.ts';

let kit: DownloadKit;

beforeEach(async () => {
  kit = new DownloadKit(24 * MIB);
  await kit.hub.start();
});
afterEach(() => kit.dispose());

const stored = (suffix = '') => readFileSync(join(kit.folder, `tiny.gguf${suffix}`));

describe('the pieces of a file', () => {
  it('are fetched where the hub redirected to once', async () => {
    await kit.download();
    expect(kit.starts).toEqual([0, 8 * MIB, 16 * MIB, 24 * MIB]);
    expect(kit.hub.requests.filter(({ server }) => server === 'hub')).toHaveLength(1);
    expect(kit.hub.connections).toBe(2);
  });

  it('are asked for at the hub again when the signature of that address runs out', async () => {
    kit.hub.onSent = (sent) => void (sent === 8 * MIB && kit.hub.faults.push({ kind: 'status', status: 403 }));
    await kit.download();
    expect(stored().equals(kit.bytes)).toBe(true);
    expect(kit.hub.requests.filter(({ server }) => server === 'hub')).toHaveLength(2);
    expect(kit.waits).toEqual([]);
  });

  it('go on when the machines do not agree on an etag, because the hub says that the file is the same', async () => {
    kit.hub.changesEtags = true;
    await kit.download();
    expect(stored().equals(kit.bytes)).toBe(true);
    expect(kit.hub.sentBytes).toBeLessThan(2 * kit.bytes.length);
  });
});

describe('what came', () => {
  it('survives kill -9: at most 8 MiB are fetched again', async () => {
    const script = join(import.meta.dirname, 'testing', 'download-process.ts');
    const child = spawn(process.execPath, [script, kit.hub.endpoint, kit.source, kit.folder], { stdio: 'inherit' });
    const exited = once(child, 'exit');
    kit.hub.pieceDelayMs = 1;
    kit.hub.onSent = (sent) => void (sent > 13 * MIB && child.kill('SIGKILL'));
    expect((await exited)[1]).toBe('SIGKILL');
    expect(kit.files).toEqual(['tiny.gguf.part', 'tiny.gguf.part.json']);
    kit.hub.onSent = () => undefined;
    await kit.download();
    expect(stored().equals(kit.bytes)).toBe(true);
    expect(kit.hub.sentBytes - kit.bytes.length).toBeLessThanOrEqual(8 * MIB);
    expect(kit.starts.filter((start) => start === 0)).toHaveLength(1);
  });

  it('is kept when it is ended', async () => {
    const abort = new AbortController();
    kit.hub.onSent = (sent) => void (sent > 5 * MIB && abort.abort());
    await expect(kit.download({ signal: abort.signal })).rejects.toMatchObject({ code: 'request_aborted' });
    kit.hub.onSent = () => undefined;
    await kit.download();
    expect(stored().equals(kit.bytes)).toBe(true);
    expect(kit.starts.filter((start) => start === 0)).toHaveLength(1);
  });

  it('is not trusted when somebody shortened it', async () => {
    kit.hub.faults.push({ kind: 'cut', after: 3 * MIB });
    for (let tries = 0; tries < 9; tries += 1) kit.hub.faults.push({ kind: 'status', status: 500 });
    await expect(kit.download()).rejects.toMatchObject({ code: 'download_failed' });
    truncateSync(join(kit.folder, 'tiny.gguf.part'), MIB);
    kit.hub.tellsDigest = false;
    await kit.download();
    expect(stored().equals(kit.bytes)).toBe(true);
  });

  it('is not taken for another source of the same name', async () => {
    kit.hub.faults.push({ kind: 'cut', after: 3 * MIB });
    for (let tries = 0; tries < 9; tries += 1) kit.hub.faults.push({ kind: 'status', status: 500 });
    await expect(kit.download()).rejects.toMatchObject({ code: 'download_failed' });
    const other = Buffer.from(kit.bytes);
    other.fill(9, other.length - MIB);
    kit.hub.put('another/repo/tiny.gguf', other);
    await kit.download({ address: 'hf:another/repo/tiny.gguf' });
    expect(stored().equals(other)).toBe(true);
  });
});

describe('bytes that are not the right ones', () => {
  it.each(['the hub', 'a person'])('are thrown away by the digest that %s names', async (who) => {
    if (who === 'the hub') kit.hub.onSent = (sent) => sent > 20 * MIB && flip(kit.bytes);
    const sha256 = who === 'the hub' ? null : 'a'.repeat(64);
    await expect(kit.download({ sha256 })).rejects.toMatchObject({
      code: 'download_mismatch',
      message: 'The checksum of "tiny.gguf" is not the one that it should have.',
    });
    expect(kit.files).toEqual([]);
  });

  it('are noticed with the first of them when a page comes instead of a model', async () => {
    kit.hub.faults.push({ kind: 'page' });
    kit.hub.tellsDigest = false;
    await expect(kit.download()).rejects.toMatchObject({
      code: 'model_file_unreadable',
      message: 'What was sent as "tiny.gguf" cannot be used: it is a web page and not a model.',
    });
    expect(kit.files).toEqual([]);
  });

  it('are noticed when the hub itself has only half a model', async () => {
    kit.hub.put('owner/repo/tiny.gguf', kit.bytes.subarray(0, -1));
    const message = `The file "tiny.gguf" cannot be used: it is cut off: ${kit.bytes.length - 1} of ${kit.bytes.length} bytes are there.`;
    await expect(kit.download()).rejects.toMatchObject({ code: 'model_file_unreadable', message });
    expect(kit.files).toEqual([]);
  });
});

/** The last byte is another one from now on; the digest was told before. */
function flip(bytes: Buffer): void {
  bytes[bytes.length - 1] = 0x55;
}

describe('a disk', () => {
  it('that has no room for the file is not begun to be filled', async () => {
    const readSpace = async () => ({ free: 20e6, total: 100e6 });
    await expect(kit.download({}, { readSpace })).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringMatching(
        /^"tiny\.gguf" needs \d+ MB more on the disk of the models folder, and 15 MB can be used/,
      ),
    });
    expect(kit.files).toEqual([]);
  });

  it('is not filled by a file whose size nobody tells', async () => {
    kit.hub.hasRanges = false;
    kit.hub.tellsSize = false;
    const free = [1_000 * MIB, 1_000 * MIB, 2 * MIB];
    const readSpace = async () => ({ free: free.shift() ?? 0, total: 1_000 * MIB });
    await expect(
      kit.download({ address: `${kit.hub.cdn}/owner/repo/tiny.gguf`, allowPrivate: true }, { readSpace }),
    ).rejects.toMatchObject({
      code: 'disk_full',
    });
    expect(Math.floor(stored('.part').length / MIB)).toBe(8);
  });

  it('that runs full keeps what came, and the download goes on once there is room', async () => {
    await expect(kit.download({}, { openPart: fullAfter(9 * MIB) })).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringContaining('what is there is kept'),
    });
    expect(kit.waits).toEqual([]);
    await kit.download();
    expect(stored().equals(kit.bytes)).toBe(true);
    expect(kit.starts.filter((start) => start === 8 * MIB)).toHaveLength(2);
  });
});

/** A disk that takes so many bytes. */
function fullAfter(bytes: number): (path: string) => Promise<PartHandle> {
  return async (path) => {
    const handle = await open(path, 'w+');
    return {
      writev: async (pieces, position) => {
        const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
        if (position + length > bytes) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        return handle.writev([...pieces], position);
      },
      truncate: (length) => handle.truncate(length),
      datasync: () => handle.datasync(),
      close: () => handle.close(),
    };
  };
}
