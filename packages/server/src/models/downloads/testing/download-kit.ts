import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeGguf } from '@parley/service-kit/testing';
import { FakeHub } from '../../../testing/fake-hub.ts';
import { downloadFile, type DownloadedFile, type DownloadJob, type DownloadSeams } from '../download-file.ts';
import { downloadModel, type DownloadedModel } from '../download-model.ts';
import type { DownloadProgress } from '../download-progress.ts';
import { parseModelSource, type HubSettings } from '../model-source.ts';

export const MIB = 1024 * 1024;

type KitJob = Partial<Omit<DownloadJob, 'source'>> & { address?: string };

/** A models folder of its own, and a fake hub with one model of `bytes`. Waits between tries are noted, not waited for. */
export class DownloadKit {
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-models-'));
  readonly hub = new FakeHub();
  readonly waits: number[] = [];
  readonly progress: DownloadProgress[] = [];
  readonly bytes: Buffer;
  readonly source = 'hf:owner/repo/tiny.gguf';

  constructor(tensorBytes = 3 * MIB) {
    this.bytes = makeGguf({ 'general.architecture': 'llama' }, { 'token_embd.weight': tensorBytes });
    this.hub.put('owner/repo/tiny.gguf', this.bytes);
  }

  get files(): string[] {
    return readdirSync(this.folder).toSorted();
  }

  /** Where the requests began that reached the machine with the bytes; null for those without a range. */
  get starts(): (number | null)[] {
    const ranges = this.hub.requests.filter(({ server }) => server === 'cdn').map(({ range }) => range);
    return ranges.map((range) => (range === undefined ? null : Number(/\d+/.exec(range)?.[0])));
  }

  get settings(): HubSettings {
    return { endpoint: this.hub.endpoint, mirrors: [], token: null };
  }

  download(job: KitJob = {}, seams: DownloadSeams = {}): Promise<DownloadedFile> {
    return downloadFile(this.#job(job), { ...this.#seams, ...seams });
  }

  /** All files of a model. */
  downloadAll(job: KitJob = {}, seams: DownloadSeams = {}): Promise<DownloadedModel> {
    return downloadModel(this.#job(job), { ...this.#seams, ...seams });
  }

  readonly #seams: DownloadSeams = { wait: async (ms) => void this.waits.push(ms) };

  #job({ address = this.source, hub = this.settings, ...more }: KitJob) {
    return {
      source: parseModelSource(address, hub),
      folder: this.folder,
      sha256: null,
      hub,
      allowPrivate: false,
      signal: new AbortController().signal,
      onProgress: (progress: DownloadProgress) => void this.progress.push(progress),
      ...more,
    };
  }

  async dispose(): Promise<void> {
    await this.hub.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
