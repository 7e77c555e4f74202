import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { z } from 'zod';
import {
  MAX_FILE_BYTES,
  ParleyError,
  type DocumentFlag,
  type previewFileSchema,
  type previewRequestSchema,
  type previewSchema,
} from '@parley/contracts';
import type { DocumentReader, ParsedChunk, ReadInput } from '@parley/rag/parsing';
import type { Upload } from '../documents/uploaded-body.ts';
import { checkSplit } from './merge-settings.ts';

type Preview = z.output<typeof previewSchema>;
type FilePreview = z.output<typeof previewFileSchema>;

/** The most text that a preview answers, in UTF-16 units. */
const MAX_TEXT = 200_000;
/** Previews that run at the same time; each holds a reader process. */
const MAX_RUNNING = 4;
const MAX_PREVIEW_MS = 30_000;

export interface PreviewServiceOptions {
  reader: Pick<DocumentReader, 'read'>;
  /** For files that are only looked at; made, and emptied of what a crash left, with the first of them. */
  folder: string;
  newId: () => string;
  /** Longest a preview may take. */
  maxMs?: number;
}

/** Shows how a text would be cut and what would be kept of a file; nothing of it is stored. */
export class PreviewService {
  readonly #options: PreviewServiceOptions;
  #folder: Promise<void> | null = null;
  #running = 0;

  constructor(options: PreviewServiceOptions) {
    this.#options = options;
  }

  /** Throws `too_many_requests`, `document_too_slow`, and what the reader throws. */
  cut({ text, split }: z.output<typeof previewRequestSchema>, signal: AbortSignal): Promise<Preview> {
    checkSplit(split, 'split');
    const input: ReadInput = { kind: 'text', title: '', text, pages: [], flaggedSpans: [], split };
    return this.#run(signal, async (stop) => {
      const chunks: Preview['chunks'] = [];
      for await (const event of this.#options.reader.read(input, stop)) {
        if (event.type === 'chunks') chunks.push(...event.chunks.map(toChunkView));
      }
      return { chunks };
    });
  }

  /** Throws like `cut`, and `document_too_large`. An archive answers the names of what is in it. */
  readFile({ name, mediaType, bytes }: Upload, signal: AbortSignal): Promise<FilePreview> {
    return this.#run(signal, async (stop) => {
      await this.#openFolder();
      const path = join(this.#options.folder, this.#options.newId());
      try {
        await pipeline(bytes, atMost(MAX_FILE_BYTES), createWriteStream(path, { flags: 'wx', mode: 0o600 }), {
          signal: stop,
        });
        const split = { max_tokens: 350, overlap_tokens: 0 };
        return await this.#collect({ kind: 'file', path, name, mediaType, select: [], split }, stop);
      } finally {
        await rm(path, { force: true });
      }
    });
  }

  /** One that could not be made, on a disk that was full, is tried again. */
  async #openFolder(): Promise<void> {
    this.#folder ??= emptied(this.#options.folder).catch((error: unknown) => {
      this.#folder = null;
      throw error;
    });
    await this.#folder;
  }

  async #collect(input: Extract<ReadInput, { kind: 'file' }>, signal: AbortSignal): Promise<FilePreview> {
    let title = input.name;
    let text = '';
    let flags: DocumentFlag[] = [];
    // Leaving the loop ends the reader.
    for await (const event of this.#options.reader.read(input, signal)) {
      if (event.type === 'head') ({ title, flags } = event.document);
      if (event.type === 'text') text += event.text;
      if (event.type === 'entry') {
        text += `- ${event.name}\n`;
        await rm(event.path, { force: true });
      }
      if (text.length >= MAX_TEXT || event.type === 'chunks') break;
    }
    return { title, text: text.slice(0, MAX_TEXT).toWellFormed(), flags };
  }

  async #run<Result>(signal: AbortSignal, work: (stop: AbortSignal) => Promise<Result>): Promise<Result> {
    if (this.#running >= MAX_RUNNING) {
      throw new ParleyError('too_many_requests', 'Too many previews are being made; try again in a moment.');
    }
    const { maxMs = MAX_PREVIEW_MS } = this.#options;
    const tooSlow = AbortSignal.timeout(maxMs);
    this.#running += 1;
    try {
      return await work(AbortSignal.any([signal, tooSlow]));
    } catch (error) {
      if (!tooSlow.aborted || signal.aborted) throw error;
      throw new ParleyError('document_too_slow', 'This takes too long for a preview.', { cause: error });
    } finally {
      this.#running -= 1;
    }
  }
}

async function emptied(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

function atMost(limit: number): Transform {
  let size = 0;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      size += piece.length;
      if (size <= limit) done(null, piece);
      else done(new ParleyError('document_too_large', `A file may have at most ${limit / 1024 ** 2} MB.`));
    },
  });
}

function toChunkView({ headingPath, ...chunk }: ParsedChunk): Preview['chunks'][number] {
  const { ordinal, page, start, end, flags } = chunk;
  return { ordinal, page, heading_path: headingPath, start, end, flags };
}
