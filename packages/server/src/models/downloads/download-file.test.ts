import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DownloadKit, MIB } from './testing/download-kit.ts';

let kit: DownloadKit;

beforeEach(async () => {
  kit = new DownloadKit();
  await kit.hub.start();
});
afterEach(() => kit.dispose());

const stored = () => readFileSync(join(kit.folder, 'tiny.gguf'));
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a download', () => {
  it('brings the file whole, checks it, and leaves nothing else', async () => {
    const file = await kit.download();
    expect(stored().equals(kit.bytes)).toBe(true);
    expect(file).toMatchObject({
      path: join(kit.folder, 'tiny.gguf'),
      sizeBytes: kit.bytes.length,
      sha256: sha256(kit.bytes),
      header: { architecture: 'llama', purpose: 'chat' },
    });
    expect(kit.files).toEqual(['tiny.gguf']);
    expect(kit.starts).toEqual([0]);
  });

  it('tells how far it is, at most four times a second, and when it checks', async () => {
    let time = 0;
    await kit.download({}, { now: () => (time += 20) });
    const running = kit.progress.filter(({ state }) => state === 'running');
    expect(running.length).toBeGreaterThan(2);
    expect(running.length).toBeLessThan((time / 1000) * 4 + 2);
    const middle = running.at(-2)!;
    expect(middle.bytesPerSecond).toBeGreaterThan(0);
    expect(middle.secondsLeft).toBeCloseTo((kit.bytes.length - middle.receivedBytes) / middle.bytesPerSecond!);
    expect(running.at(-1)).toMatchObject({ receivedBytes: kit.bytes.length, sizeBytes: kit.bytes.length });
    expect(kit.progress.at(-1)).toMatchObject({ state: 'checking', receivedBytes: kit.bytes.length });
  });

  it('goes on telling when the clock is set back', async () => {
    let time = 3_600_000;
    vi.spyOn(Date, 'now').mockImplementation(() => (time -= 1_000));
    kit.hub.pieceDelayMs = 20;
    await kit.download().finally(() => vi.restoreAllMocks());
    expect(kit.progress.filter(({ state }) => state === 'running').length).toBeGreaterThan(2);
  });

  it('does not fetch again what is there and the same', async () => {
    await kit.download();
    await kit.download();
    expect(kit.hub.requests.at(-1)?.sent).toBeLessThan(kit.bytes.length);
    await kit.download({ sha256: sha256(kit.bytes) });
    expect(kit.files).toEqual(['tiny.gguf']);
  });

  it('never replaces another file of its name', async () => {
    const other = Buffer.from(kit.bytes);
    other[other.length - 1] = other.at(-1)! ^ 1;
    for (const there of [other, Buffer.from('short')]) {
      writeFileSync(join(kit.folder, 'tiny.gguf'), there);
      await expect(kit.download()).rejects.toMatchObject({ code: 'name_taken' });
      expect(stored().equals(there)).toBe(true);
    }
  });

  it('shows the token to the endpoint, and not to the machine behind it', async () => {
    kit.hub.token = 'hf_secret';
    await kit.download({ hub: { ...kit.settings, token: 'hf_secret' } });
    const seen = kit.hub.requests.map(({ server, authorization }) => [server, authorization]);
    expect(seen).toEqual([
      ['hub', 'Bearer hf_secret'],
      ['cdn', undefined],
    ]);
  });
});

describe('a download that goes wrong', () => {
  it('goes on where the connection was cut, as often as it takes', async () => {
    for (const after of [700_000, 900_000, 1]) kit.hub.faults.push({ kind: 'cut', after });
    await kit.download();
    expect(stored().equals(kit.bytes)).toBe(true);
    expect(kit.starts).toHaveLength(4);
    expect(kit.starts).toEqual(kit.starts.toSorted((one, other) => Number(one) - Number(other)));
    expect(kit.starts.at(-1)).toBeGreaterThan(1_000_000);
  });

  it('gives up a server that goes silent, and asks again', async () => {
    kit.hub.faults.push({ kind: 'silent', after: 500_000 });
    await kit.download({}, { stallMs: 100 });
    expect(stored().equals(kit.bytes)).toBe(true);
    expect(kit.starts.length).toBeGreaterThan(1);
  });

  it('waits as long as the server asks for, else longer each time', async () => {
    kit.hub.faults.push({ kind: 'status', status: 503, headers: { 'retry-after': '7' } });
    for (const status of [500, 429]) kit.hub.faults.push({ kind: 'status', status });
    await kit.download();
    expect(kit.waits).toEqual([7_000, 2_000, 4_000]);
  });

  it('gives up when nothing comes any more, keeps what came, and goes on there later', async () => {
    kit.hub.faults.push({ kind: 'cut', after: MIB });
    for (let tries = 0; tries < 9; tries += 1) kit.hub.faults.push({ kind: 'status', status: 502 });
    await expect(kit.download()).rejects.toMatchObject({
      code: 'download_failed',
      message: expect.stringMatching(
        /^127\.0\.0\.1:\d+ answered with status 502\. What is there is kept, and it goes on/,
      ),
    });
    expect(kit.files).toEqual(['tiny.gguf.part', 'tiny.gguf.part.json']);
    const before = kit.starts.length;
    kit.hub.faults.length = 0;
    await kit.download();
    expect(kit.starts[before]).toBeGreaterThan(10_000);
    expect(stored().equals(kit.bytes)).toBe(true);
  });

  it('begins anew without ranges when a server sends another place than asked for', async () => {
    kit.hub.faults.push({ kind: 'cut', after: MIB }, { kind: 'wrong-range' });
    await kit.download();
    expect(stored().equals(kit.bytes)).toBe(true);
    expect(kit.starts.at(-1)).toBeNull();
  });

  it('begins anew at a server without ranges', async () => {
    kit.hub.hasRanges = false;
    kit.hub.faults.push({ kind: 'cut', after: MIB });
    await kit.download();
    expect(stored().equals(kit.bytes)).toBe(true);
  });

  it.each([true, false])('begins anew, once, when the file changed; digest told: %s', async (tellsDigest) => {
    kit.hub.tellsDigest = tellsDigest;
    const other = Buffer.from(kit.bytes);
    other.fill(7, other.length - MIB);
    kit.hub.faults.push({ kind: 'cut', after: MIB }, { kind: 'cut', after: 100_000 });
    kit.hub.onSent = (sent) => sent >= MIB && kit.hub.put('owner/repo/tiny.gguf', other);
    await kit.download();
    expect(stored().equals(other)).toBe(true);
  });

  it('says so when the file changes all the time', async () => {
    for (let tries = 0; tries < 4; tries += 1) kit.hub.faults.push({ kind: 'cut', after: MIB });
    let edition = 0;
    kit.hub.onSent = (sent) => {
      if (sent < (edition + 1) * MIB) return;
      edition += 1;
      const other = Buffer.from(kit.bytes);
      other.fill(edition, other.length - MIB);
      kit.hub.put('owner/repo/tiny.gguf', other);
    };
    await expect(kit.download()).rejects.toMatchObject({
      code: 'download_mismatch',
      message: '"tiny.gguf" changed while it was downloaded, twice. Try again later, or from elsewhere.',
    });
    expect(kit.files).toEqual([]);
  });

  it('goes on at a mirror whose etags are others, because the digest is the same', async () => {
    const mirror = new DownloadKit();
    await mirror.hub.start();
    mirror.hub.put('owner/repo/tiny.gguf', kit.bytes);
    kit.hub.faults.push({ kind: 'cut', after: MIB });
    for (let tries = 0; tries < 20; tries += 1) kit.hub.faults.push({ kind: 'status', status: 500 });
    await kit.download({ hub: { ...kit.settings, mirrors: [mirror.hub.endpoint] } });
    expect(stored().equals(kit.bytes)).toBe(true);
    expect(mirror.hub.sentBytes).toBeLessThan(kit.bytes.length - MIB / 2);
    await mirror.dispose();
  });
});

describe('a model that cannot be had', () => {
  it.each([
    ['GatedRepo', 401, 'gives this model only to those who accepted its terms'],
    ['RepoNotFound', 401, 'There is no such repository on'],
    ['', 403, 'does not give this file without a token'],
    ['EntryNotFound', 404, 'There is no such file on'],
    ['', 410, 'There is no such file on'],
    ['', 418, 'answered with status 418'],
  ])('is refused at once: %s %i', async (code, status, sentence) => {
    kit.hub.faults.push({ kind: 'status', status, headers: { 'x-error-code': code } });
    await expect(kit.download()).rejects.toMatchObject({
      code: 'download_failed',
      message: expect.stringContaining(sentence),
    });
    expect(kit.waits).toEqual([]);
  });

  it('is had from a mirror', async () => {
    const empty = new DownloadKit();
    await empty.hub.start();
    await kit.download({ address: 'hf:owner/repo/tiny.gguf', hub: { ...kit.settings, mirrors: [empty.hub.endpoint] } });
    expect(stored().equals(kit.bytes)).toBe(true);
    await empty.dispose();
  });

  it('is not looked for at a host that does not answer for ever', async () => {
    const hub = { endpoint: 'http://127.0.0.1:1', mirrors: [], token: null };
    await expect(kit.download({ hub })).rejects.toMatchObject({ code: 'download_failed' });
    expect(kit.waits).toEqual([1_000, 2_000, 4_000]);
  });
});

describe('an address of the private network', () => {
  it('is not opened when a person names it, not even beside an endpoint at home', async () => {
    const address = `${kit.hub.cdn}/owner/repo/tiny.gguf`;
    await expect(kit.download({ address })).rejects.toMatchObject({ code: 'url_private' });
    expect(kit.hub.requests).toEqual([]);
    await kit.download({ address, allowPrivate: true });
    expect(stored().equals(kit.bytes)).toBe(true);
  });

  it('is not opened when the hub redirects to it', async () => {
    kit.hub.redirectsTo = 'http://10.0.0.1:9000';
    await expect(kit.download()).rejects.toMatchObject({ code: 'url_private' });
    expect(kit.files).toEqual([]);
  });
});
