import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelLibrarySchema } from '@parley/contracts/model-admin';
import { waitUntil } from '@parley/service-kit/testing';
import { MIB } from './testing/download-kit.ts';
import { DownloadsKit } from './testing/downloads-kit.ts';
import { lastStartOf, makeSplitModel, partName, putSplitModel, sentOf, SPLIT_SOURCE } from './testing/split-model.ts';

let kit: DownloadsKit;
let parts: Buffer[];
let total: number;

beforeEach(async () => {
  kit = new DownloadsKit();
  parts = makeSplitModel(2 * MIB);
  total = parts.reduce((bytes, { length }) => bytes + length, 0);
  putSplitModel(kit.hub, parts);
  await kit.hub.start();
  await kit.start();
});
afterEach(() => kit.dispose());

const names = [1, 2, 3].map(partName);
const filesThere = () => (existsSync(kit.models) ? readdirSync(kit.models).toSorted() : []);
const listed = async () => modelLibrarySchema.parse((await kit.ask('GET', '/library')).body).files;

/** Begins one that is slow as soon as its second file comes; answers its id. */
async function beginUntilSecond(): Promise<string> {
  kit.hub.onSent = () => void (sentOf(kit.hub, 2) > MIB && (kit.hub.pieceDelayMs = 100));
  const { id } = await kit.begin(SPLIT_SOURCE);
  // What was sent may still be on its way.
  const received = async () => (await kit.list())[0]?.received_bytes ?? 0;
  await waitUntil(async () => sentOf(kit.hub, 2) > MIB && (await received()) > parts[0]!.length, 'the second file');
  return id;
}
function quickly(): void {
  kit.hub.onSent = () => undefined;
  kit.hub.pieceDelayMs = 0;
}

/** One that failed when its first file was there. */
async function beginUntilFailed(): Promise<string> {
  const first = parts[0]!.length;
  kit.hub.onSent = (sent) => void (sent === first + 3 && kit.hub.faults.push({ kind: 'status', status: 404 }));
  const { id } = await kit.begin(SPLIT_SOURCE);
  await kit.until(id, 'failed', 'done');
  quickly();
  return id;
}

describe('a download of a split model', () => {
  it('ends as one model of all its files, whichever of them is named', async () => {
    const begun = await kit.begin(SPLIT_SOURCE.replace('00001', '00002'));
    expect(begun).toMatchObject({ source: SPLIT_SOURCE, file: partName(1) });
    expect(await kit.until(begun.id, 'done', 'failed')).toMatchObject({
      state: 'done',
      model: `model of ${partName(1)}`,
      received_bytes: total,
      size_bytes: total,
      error: null,
    });
    expect(kit.added).toEqual([partName(1)]);
    expect(filesThere()).toEqual(names);
    expect(await listed()).toEqual([{ file: partName(1), size_bytes: total, used_by: [] }]);
  });

  it('is one row with one size, and its files are not offered meanwhile', async () => {
    const id = await beginUntilSecond();
    expect((await kit.begin(SPLIT_SOURCE.replace('00001', '00003'))).id).toBe(id);
    const [download, ...others] = await kit.list();
    expect(others).toEqual([]);
    expect(download).toMatchObject({ id, state: 'running', size_bytes: total });
    expect(download!.received_bytes).toBeGreaterThanOrEqual(parts[0]!.length);
    expect(await listed()).toEqual([]);
    expect(await kit.ask('DELETE', `/library/files/${partName(1)}`)).toMatchObject({
      status: 400,
      body: { error: { message: `"${partName(1)}" is being downloaded; cancel that instead.` } },
    });
  });

  it('takes no checksum of a person', async () => {
    const body = { source: SPLIT_SOURCE, sha256: 'a'.repeat(64) };
    expect(await kit.ask('POST', '/downloads', body)).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_request', param: 'sha256', message: expect.stringContaining('into 3 files') } },
    });
    expect(await kit.list()).toEqual([]);
  });

  it.each(['stopped', 'killed'])('goes on by itself after the server was %s', async (how) => {
    const id = await beginUntilSecond();
    await kit.stop();
    if (how === 'killed') await kit.rewrite(id, { state: 'running', received_bytes: 0 });
    quickly();
    await kit.start();
    expect(await kit.until(id, 'done', 'failed')).toMatchObject({ state: 'done', size_bytes: total });
    expect(filesThere()).toEqual(names);
    // Each was measured by its first byte, twice.
    expect(sentOf(kit.hub, 1) - parts[0]!.length).toBe(2);
    expect(lastStartOf(kit.hub, 2)).toBeGreaterThan(0);
  });

  it('fetches nothing again when the server was killed before it had noted the end', async () => {
    const { id } = await kit.begin(SPLIT_SOURCE);
    await kit.until(id, 'done');
    await kit.stop();
    await kit.rewrite(id, { state: 'running', model: null });
    await kit.start();
    expect(await kit.until(id, 'done', 'failed')).toMatchObject({ state: 'done', model: `model of ${partName(1)}` });
    expect(kit.hub.sentBytes).toBe(total + 6);
  });

  it('that failed keeps what it has over a restart, and goes on there when somebody says so', async () => {
    const id = await beginUntilFailed();
    expect((await kit.list())[0]).toMatchObject({
      state: 'failed',
      received_bytes: parts[0]!.length,
      error: { code: 'download_failed', message: expect.stringContaining(`"${partName(2)}"`) },
    });
    await kit.restart();
    expect(filesThere()).toEqual([partName(1), `${partName(1)}.part.json`]);
    expect((await kit.ask('POST', `/downloads/${id}/resume`)).status).toBe(200);
    expect(await kit.until(id, 'done', 'failed')).toMatchObject({ state: 'done', error: null });
    expect(sentOf(kit.hub, 1) - parts[0]!.length).toBe(2);
  });
});

describe('cancelling a split model', () => {
  it('leaves nothing of it, be it running or failed', async () => {
    const running = await beginUntilSecond();
    expect(filesThere()).toContain(partName(1));
    expect((await kit.ask('DELETE', `/downloads/${running}`)).status).toBe(204);
    expect(filesThere()).toEqual([]);
    quickly();
    kit.hub.requests.length = 0;
    const failed = await beginUntilFailed();
    expect(filesThere()).toContain(partName(1));
    expect((await kit.ask('DELETE', `/downloads/${failed}`)).status).toBe(204);
    expect(filesThere()).toEqual([]);
    expect(await kit.list()).toEqual([]);
  });

  it('leaves the files that were whole before it', async () => {
    mkdirSync(kit.models);
    writeFileSync(join(kit.models, partName(3)), parts[2]!);
    const id = await beginUntilSecond();
    await kit.ask('DELETE', `/downloads/${id}`);
    expect(filesThere()).toEqual([partName(3)]);
  });

  it('after its end leaves the model', async () => {
    const { id } = await kit.begin(SPLIT_SOURCE);
    await kit.until(id, 'done');
    await kit.ask('DELETE', `/downloads/${id}`);
    expect(filesThere()).toEqual(names);
  });
});

describe('a split model of the models folder', () => {
  beforeEach(async () => {
    const { id } = await kit.begin(SPLIT_SOURCE);
    await kit.until(id, 'done');
  });

  it('is shown also when a file of it is missing, by the name of its first', async () => {
    rmSync(join(kit.models, partName(1)));
    const size_bytes = total - parts[0]!.length;
    expect(await listed()).toEqual([{ file: partName(1), size_bytes, used_by: [] }]);
  });

  it('is deleted whole, and not while a model uses it', async () => {
    kit.users.set(partName(1), ['big']);
    const remove = (name: string) => kit.ask('DELETE', `/library/files/${name}`);
    expect(await remove(partName(2))).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('used by big') } },
    });
    expect(filesThere()).toEqual(names);
    kit.users.clear();
    rmSync(join(kit.models, partName(1)));
    expect((await remove(partName(1))).status).toBe(204);
    expect(filesThere()).toEqual([]);
    expect((await remove(partName(1))).status).toBe(404);
  });
});
