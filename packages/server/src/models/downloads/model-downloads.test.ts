import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ParleyError } from '@parley/contracts';
import { modelLibrarySchema } from '@parley/contracts/model-admin';
import { waitUntil } from '@parley/service-kit/testing';
import { MIB } from './testing/download-kit.ts';
import { DownloadsKit } from './testing/downloads-kit.ts';

let kit: DownloadsKit;

beforeEach(async () => {
  kit = new DownloadsKit();
  await kit.hub.start();
  await kit.start();
});
afterEach(() => kit.dispose());

const filesThere = () => (existsSync(kit.models) ? readdirSync(kit.models).toSorted() : []);
/** So slow that it does not end by itself. */
const slowly = () => {
  kit.hub.pieceDelayMs = 50;
};

describe('a download of a model', () => {
  it('ends as a file and a model', async () => {
    const begun = await kit.begin();
    expect(begun).toMatchObject({ source: 'hf:owner/repo/tiny.gguf', file: 'tiny.gguf', model: null, error: null });
    expect(await kit.until(begun.id, 'done', 'failed')).toMatchObject({
      state: 'done',
      model: 'model of tiny.gguf',
      received_bytes: kit.bytes.length,
      size_bytes: kit.bytes.length,
      error: null,
    });
    expect(filesThere()).toEqual(['tiny.gguf']);
    expect(kit.added).toEqual(['tiny.gguf']);
  });

  it('is only a file when no model is wanted', async () => {
    const { id } = await kit.begin(kit.source, { add_model: false });
    expect(await kit.until(id, 'done')).toMatchObject({ model: null });
    expect(kit.added).toEqual([]);
  });

  it('is done also when no model could be made of it, and says why', async () => {
    kit.addError = new ParleyError('model_too_large', 'It needs more memory than there is.');
    const { id } = await kit.begin();
    expect(await kit.until(id, 'done', 'failed')).toMatchObject({
      state: 'done',
      model: null,
      error: { code: 'model_too_large', message: 'It needs more memory than there is.' },
    });
  });

  it('tells how far it is while it runs', async () => {
    slowly();
    const { id } = await kit.begin();
    await waitUntil(async () => (await kit.until(id, 'running')).received_bytes > 0, 'first bytes');
    expect((await kit.list())[0]).toMatchObject({ state: 'running', size_bytes: kit.bytes.length });
  });

  it('is one, however often it is asked for', async () => {
    slowly();
    const [one, other] = await Promise.all([kit.begin(), kit.begin(` ${kit.source} `)]);
    expect(other.id).toBe(one.id);
    expect((await kit.begin('https://huggingface.co/owner/repo/blob/main/tiny.gguf?download=true')).id).toBe(one.id);
    expect(await kit.list()).toHaveLength(1);
  });

  it('does not take the name of one that runs', async () => {
    slowly();
    await kit.begin();
    const { status, body } = await kit.ask('POST', '/downloads', { source: 'hf:another/repo/tiny.gguf' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ error: { code: 'name_taken' } });
  });

  it('waits while two others run', async () => {
    slowly();
    for (const name of ['a', 'b', 'c']) kit.hub.put(`owner/repo/${name}.gguf`, kit.bytes);
    const [a, b, c] = [
      await kit.begin('hf:owner/repo/a.gguf'),
      await kit.begin('hf:owner/repo/b.gguf'),
      await kit.begin('hf:owner/repo/c.gguf'),
    ];
    await kit.until(b.id, 'running');
    expect((await kit.list())[0]).toMatchObject({ id: c.id, state: 'queued' });
    kit.hub.pieceDelayMs = 0;
    for (const { id } of [a, b, c]) await kit.until(id, 'done');
    expect(filesThere()).toEqual(['a.gguf', 'b.gguf', 'c.gguf']);
  });

  it('whose source is none is refused with what would be right', async () => {
    const { status, body } = await kit.ask('POST', '/downloads', { source: 'qwen3' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { code: 'invalid_request', param: 'source' } });
  });
});

describe('a download that is interrupted', () => {
  it.each(['stopped', 'killed'])('goes on by itself after the server was %s', async (how) => {
    slowly();
    const { id } = await kit.begin();
    // Received, not only sent.
    await waitUntil(async () => ((await kit.list())[0]?.received_bytes ?? 0) > 0, 'the first bytes');
    await kit.stop();
    if (how === 'killed') await kit.rewrite(id, { state: 'running', received_bytes: 0 });
    expect(filesThere()).toEqual(['tiny.gguf.part', 'tiny.gguf.part.json']);
    kit.hub.pieceDelayMs = 0;
    await kit.start();
    expect(await kit.until(id, 'done', 'failed')).toMatchObject({ state: 'done', model: 'model of tiny.gguf' });
    expect(kit.starts.at(-1)).toBeGreaterThan(0);
  });

  it('leaves nothing when it is cancelled', async () => {
    slowly();
    const { id } = await kit.begin();
    await waitUntil(() => kit.hub.sentBytes > MIB, 'the first bytes');
    expect((await kit.ask('DELETE', `/downloads/${id}`)).status).toBe(204);
    expect(filesThere()).toEqual([]);
    expect(await kit.list()).toEqual([]);
    expect((await kit.ask('DELETE', `/downloads/${id}`)).status).toBe(404);
  });

  it('that failed is tried again when somebody says so', async () => {
    kit.hub.faults.push({ kind: 'status', status: 403 });
    const { id } = await kit.begin();
    expect(await kit.until(id, 'failed')).toMatchObject({ error: { code: 'download_failed' } });
    await kit.restart();
    expect((await kit.list())[0]).toMatchObject({ state: 'failed' });
    expect((await kit.ask('POST', `/downloads/${id}/resume`)).status).toBe(200);
    expect(await kit.until(id, 'done')).toMatchObject({ error: null });
  });

  it('that failed leaves its name to another source, and does not disturb it', async () => {
    kit.hub.put('other/repo/tiny.gguf', kit.bytes);
    kit.hub.faults.push({ kind: 'status', status: 403 });
    const failed = await kit.begin();
    await kit.until(failed.id, 'failed');
    slowly();
    const other = await kit.begin('hf:other/repo/tiny.gguf');
    await waitUntil(() => kit.hub.sentBytes > MIB, 'the first bytes');
    expect(await kit.ask('POST', `/downloads/${failed.id}/resume`)).toMatchObject({
      status: 409,
      body: { error: { code: 'name_taken' } },
    });
    expect((await kit.ask('DELETE', `/downloads/${failed.id}`)).status).toBe(204);
    kit.hub.pieceDelayMs = 0;
    expect(await kit.until(other.id, 'done', 'failed')).toMatchObject({ state: 'done' });
    expect(filesThere()).toEqual(['tiny.gguf']);
  });

  it('leaves no half file for ever: what no download will go on with is removed at the start', async () => {
    kit.hub.faults.push(
      { kind: 'cut', after: 2 * MIB },
      ...[1, 2, 3, 4, 5, 6, 7, 8].map(() => ({ kind: 'status' as const, status: 403 })),
    );
    const { id } = await kit.begin();
    await kit.until(id, 'failed');
    await kit.stop();
    const foreign = ['notes.part', 'other.gguf', 'readme.part.json'];
    const lost = ['lost.gguf.part', 'lost.gguf.part.json', 'lost.gguf.part.json.tmp'];
    for (const name of [...foreign, ...lost]) writeFileSync(join(kit.models, name), '{}');
    await kit.start();
    expect(filesThere()).toEqual([...foreign, 'tiny.gguf.part', 'tiny.gguf.part.json'].toSorted());
  });

  it('keeps its file when it is cancelled after its end', async () => {
    const { id } = await kit.begin();
    await kit.until(id, 'done');
    await kit.ask('DELETE', `/downloads/${id}`);
    expect(filesThere()).toEqual(['tiny.gguf']);
  });
});

describe('the library', () => {
  it('names models and the files that are there, with who uses them', async () => {
    const { id } = await kit.begin();
    await kit.until(id, 'done');
    writeFileSync(join(kit.models, 'notes.txt'), 'x');
    kit.users.set('tiny.gguf', ['tiny']);
    const library = modelLibrarySchema.parse((await kit.ask('GET', '/library')).body);
    expect(library.files).toEqual([{ file: 'tiny.gguf', size_bytes: kit.bytes.length, used_by: ['tiny'] }]);
    const purposes = Map.groupBy(library.models, ({ purpose }) => purpose);
    expect(purposes.get('chat')!.length).toBeGreaterThanOrEqual(8);
    expect(purposes.get('embedding')!.length).toBe(3);
    expect(purposes.get('rerank')!.length).toBe(1);
  });

  it('deletes a file that nothing uses, and no other', async () => {
    const { id } = await kit.begin();
    await kit.until(id, 'done');
    kit.users.set('tiny.gguf', ['tiny']);
    const refused = await kit.ask('DELETE', '/library/files/tiny.gguf');
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('used by tiny') } },
    });
    kit.users.clear();
    writeFileSync(join(kit.folder, 'outside.gguf'), 'x');
    for (const name of ['none.gguf', encodeURIComponent('../outside.gguf')]) {
      expect((await kit.ask('DELETE', `/library/files/${name}`)).status).toBe(404);
    }
    expect((await kit.ask('DELETE', '/library/files/tiny.gguf')).status).toBe(204);
    expect(filesThere()).toEqual([]);
    expect(existsSync(join(kit.folder, 'outside.gguf'))).toBe(true);
  });
});
