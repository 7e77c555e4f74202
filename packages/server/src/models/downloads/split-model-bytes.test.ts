import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeHub } from '../../testing/fake-hub.ts';
import { DownloadKit, MIB } from './testing/download-kit.ts';
import { makePart, makeSplitModel, partName, putSplitModel, sentOf, SPLIT_SOURCE } from './testing/split-model.ts';

let kit: DownloadKit;
let parts: Buffer[];
let total: number;

beforeEach(async () => {
  kit = new DownloadKit();
  parts = makeSplitModel(12 * MIB);
  total = sum(parts);
  putSplitModel(kit.hub, parts);
  await kit.hub.start();
});
afterEach(() => kit.dispose());

const sum = (pieces: readonly Buffer[]) => pieces.reduce((bytes, { length }) => bytes + length, 0);
const pull = (job = {}, seams = {}) => kit.downloadAll({ address: SPLIT_SOURCE, ...job }, seams);
const isStored = (part: number) => readFileSync(join(kit.folder, partName(part))).equals(parts[part - 1]!);
const names = [1, 2, 3].map(partName);
/** Ends a download while the second part comes. */
async function endWithinSecond(): Promise<void> {
  const abort = new AbortController();
  kit.hub.onSent = () => void (sentOf(kit.hub, 2) > 9 * MIB && abort.abort());
  await expect(pull({ signal: abort.signal })).rejects.toMatchObject({ code: 'request_aborted' });
  kit.hub.onSent = () => undefined;
}

describe('the files of a split model', () => {
  it('come one after the other, as one download, and leave nothing else', async () => {
    const model = await pull();
    expect(model).toMatchObject({
      path: join(kit.folder, partName(1)),
      sizeBytes: total,
      sha256: null,
      header: { architecture: 'llama', contextLength: 4096, splitCount: 3, tensorCount: 3, fileBytes: total },
    });
    expect(kit.files).toEqual(names);
    expect([1, 2, 3].every(isStored)).toBe(true);
    const received = kit.progress.map(({ receivedBytes }) => receivedBytes);
    expect(received).toEqual(received.toSorted((one, other) => one - other));
    expect(new Set(kit.progress.map(({ sizeBytes }) => sizeBytes))).toEqual(new Set([total]));
    expect(kit.progress.filter(({ state }) => state === 'checking')).toHaveLength(1);
    expect(kit.progress.at(-1)).toMatchObject({ state: 'checking', receivedBytes: total });
  });

  it('survive kill -9 within the second: the first is not fetched again, and of the second at most 8 MiB', async () => {
    const script = join(import.meta.dirname, 'testing', 'download-process.ts');
    const child = spawn(process.execPath, [script, kit.hub.endpoint, SPLIT_SOURCE, kit.folder], { stdio: 'inherit' });
    const exited = once(child, 'exit');
    kit.hub.pieceDelayMs = 1;
    kit.hub.onSent = () => void (sentOf(kit.hub, 2) > 11 * MIB && child.kill('SIGKILL'));
    expect((await exited)[1]).toBe('SIGKILL');
    kit.hub.onSent = () => undefined;
    kit.hub.pieceDelayMs = 0;
    await pull();
    expect([1, 2, 3].every(isStored)).toBe(true);
    expect(kit.files).toEqual(names);
    // Each is measured by its first byte, twice.
    expect(sentOf(kit.hub, 1) - parts[0]!.length).toBe(2);
    expect(sentOf(kit.hub, 2) - parts[1]!.length - 2).toBeLessThanOrEqual(8 * MIB);
  });

  it('go on where they were ended, and count what is there', async () => {
    await endWithinSecond();
    expect(kit.files).toContain(partName(1));
    kit.progress.length = 0;
    await pull();
    expect(kit.progress[0]).toMatchObject({ state: 'running', sizeBytes: total });
    expect(kit.progress[0]!.receivedBytes).toBeGreaterThanOrEqual(parts[0]!.length + 8 * MIB);
    expect(sentOf(kit.hub, 1) - parts[0]!.length).toBe(2);
    expect([1, 2, 3].every(isStored)).toBe(true);
  });

  it('are compared with what the hub has, where they are there, before others are fetched', async () => {
    writeFileSync(join(kit.folder, partName(3)), makePart(3, 12 * MIB, { 'split.more': 1 }));
    await expect(pull()).rejects.toMatchObject({
      code: 'name_taken',
      message: expect.stringContaining(`another file "${partName(3)}"`),
    });
    expect(kit.hub.sentBytes).toBe(3);
    writeFileSync(join(kit.folder, partName(3)), parts[2]!);
    await pull();
    expect(sentOf(kit.hub, 3)).toBe(2);
    expect(kit.files).toEqual(names);
  });

  it('are asked for again when the hub does not answer, longer when some of them is there', async () => {
    const isAway = () => void kit.hub.faults.push({ kind: 'status', status: 503 });
    isAway();
    await endWithinSecond();
    expect(kit.waits).toEqual([1_000]);
    for (let tries = 0; tries < 7; tries += 1) isAway();
    await pull();
    expect(kit.waits).toHaveLength(8);
    expect(kit.files).toEqual(names);
  });

  it('come each from an endpoint that has it', async () => {
    const other = new FakeHub();
    await other.start();
    other.put(`owner/repo/q4/${partName(1)}`, parts[0]!);
    await pull({ hub: { endpoint: other.endpoint, mirrors: [kit.hub.endpoint], token: null } });
    await other.stop();
    expect([sentOf(other, 1), sentOf(kit.hub, 1)]).toEqual([parts[0]!.length + 1, 0]);
    expect([1, 2, 3].every(isStored)).toBe(true);
  });

  it('come from a server that tells neither size nor checksum, and knows no ranges', async () => {
    Object.assign(kit.hub, { hasRanges: false, tellsSize: false, tellsDigest: false });
    await pull();
    expect([1, 2, 3].every(isStored)).toBe(true);
    expect(kit.progress[0]).toMatchObject({ sizeBytes: null });
    expect(kit.progress.at(-1)).toMatchObject({ receivedBytes: total, sizeBytes: total });
  });
});

describe('a split model that cannot be had', () => {
  it('is refused before the first byte when its files together do not fit the disk', async () => {
    // Any one of them would fit.
    const readSpace = async () => ({ free: 33e6, total: 100e6 });
    await expect(pull({}, { readSpace })).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringMatching(/^"big-00001-of-00003\.gguf" needs 38 MB more .* 28 MB can be used/),
    });
    expect(kit.hub.sentBytes).toBe(3);
    expect(kit.files).toEqual([]);
  });

  it('needs room only for what is missing of it', async () => {
    await endWithinSecond();
    const readSpace = async () => ({ free: 33e6, total: 100e6 });
    await pull({}, { readSpace });
    expect(kit.files).toEqual(names);
  });

  it('loses the file whose checksum is wrong, and no other', async () => {
    const [, second] = parts;
    const right = second!.at(-1)!;
    kit.hub.onSent = () => void (sentOf(kit.hub, 2) > MIB && (second![second!.length - 1] = right ^ 1));
    await expect(pull()).rejects.toMatchObject({
      code: 'download_mismatch',
      message: expect.stringContaining(`The checksum of "${partName(2)}" is not`),
    });
    expect(kit.files).toEqual([partName(1), `${partName(1)}.part.json`]);
    kit.hub.onSent = () => undefined;
    second![second!.length - 1] = right;
    await pull();
    expect(sentOf(kit.hub, 1) - parts[0]!.length).toBe(2);
    expect([1, 2, 3].every(isStored)).toBe(true);
  });

  it('names the file that its repository does not have, and keeps the others', async () => {
    await endWithinSecond();
    const other = new FakeHub();
    await other.start();
    for (const part of [1, 3]) other.put(`owner/repo/q4/${partName(part)}`, parts[part - 1]!);
    const hub = { ...kit.settings, endpoint: other.endpoint };
    await expect(pull({ hub })).rejects.toMatchObject({
      code: 'download_failed',
      message: expect.stringMatching(/^"big-00002-of-00003\.gguf": There is no such file on 127\.0\.0\.1/),
    });
    expect(other.sentBytes).toBe(1);
    await other.stop();
    expect(kit.files).toContain(partName(1));
    await pull();
    expect(sentOf(kit.hub, 1) - parts[0]!.length).toBe(2);
  });

  it.each([
    [makePart(3, MIB), 'its name says that it is part 2 of 3 of a model, and its header that it is part 3 of 3'],
    [makePart(2, MIB, { 'split.count': 1 }), 'its header that it is a whole model'],
    [makePart(2, MIB, { 'split.tensors.count': 9 }), 'it belongs to another model than "big-00001-of-00003.gguf"'],
  ])('is refused when a file is no part of it', async (bytes, reason) => {
    kit.hub.put(`owner/repo/q4/${partName(2)}`, bytes);
    await expect(pull()).rejects.toMatchObject({
      code: 'model_file_unreadable',
      message: expect.stringMatching(new RegExp(`^The file "${partName(2)}" cannot be used: .*${reason}`)),
    });
  });

  it('is refused when one of its files is stored under a name of its own', async () => {
    kit.hub.put('owner/repo/part.gguf', parts[0]!);
    await expect(kit.downloadAll({ address: 'hf:owner/repo/part.gguf' })).rejects.toMatchObject({
      code: 'model_file_unreadable',
      message:
        'The file "part.gguf" cannot be used: its name says that it is a whole model, and its header that it is part 1 of 3 of a model.',
    });
    expect(kit.files).toEqual([]);
  });
});
