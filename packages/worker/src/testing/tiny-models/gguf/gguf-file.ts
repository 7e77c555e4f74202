import { randomUUID } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { splitFileName } from '@parley/service-kit/split-files';
import type { Matrix } from './matrix.ts';
import { encodeEntry, encodeString, encodeU32, encodeU64, type MetadataValue } from './metadata.ts';
import { byteLength, encodeValues, tensorTypes, type TensorType } from './tensor-types.ts';

/** Where tensors begin: GGUF's default of `general.alignment`. */
const ALIGNMENT = 32;
const VERSION = 3;

interface Tensor {
  readonly name: string;
  /** ggml's order: the first is the number of neighbouring values. */
  readonly dimensions: readonly number[];
  readonly type: TensorType;
  readonly encode: () => Buffer;
}

/**
 * Writes model files in the format that llama.cpp reads: head, metadata, tensor entries, padding,
 * tensor data (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). Equal input gives equal bytes.
 */
export class GgufFile {
  private readonly entries: Buffer[] = [];
  private readonly tensors: Tensor[] = [];

  set(key: string, value: MetadataValue): this {
    this.entries.push(encodeEntry(key, value));
    return this;
  }

  setAll(values: Readonly<Record<string, MetadataValue>>): this {
    for (const [key, value] of Object.entries(values)) this.set(key, value);
    return this;
  }

  /** llama.cpp reads tensors of one dimension as f32 only, so a single row is always stored so. */
  add(name: string, matrix: Matrix, type: 'f32' | 'f16' = 'f32'): this {
    const isRow = matrix.rows === 1;
    const stored = isRow ? 'f32' : type;
    const dimensions = isRow ? [matrix.columns] : [matrix.columns, matrix.rows];
    this.tensors.push({ name, dimensions, type: stored, encode: () => encodeValues(matrix.values, stored) });
    return this;
  }

  /** A tensor that is made in its stored form, and only while it is written. */
  addEncoded(name: string, tensor: Omit<Tensor, 'name'>): this {
    this.tensors.push({ name, ...tensor });
    return this;
  }

  /** Writes beside `file` and renames, so that a file of that name is always whole. Answers `file`. */
  write(file: string): string {
    const draft = `${file}.${randomUUID()}.part`;
    try {
      this.writeDraft(draft);
      renameSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
    return file;
  }

  /**
   * Writes `<base>-00001-of-0000N.gguf` and its neighbours as llama.cpp's gguf-split does: the first has
   * all that the head says, and each about as many bytes of tensors. Answers their paths.
   */
  writeSplit(base: string, count: number): string[] {
    const total = this.tensors.reduce((sum, tensor) => sum + storedLength(tensor), 0);
    const parts = Array.from({ length: count }, () => new GgufFile());
    parts[0]?.entries.push(...this.entries);
    let end = 0;
    for (const tensor of this.tensors) {
      end += storedLength(tensor);
      parts[Math.ceil((end / total) * count) - 1]?.tensors.push(tensor);
    }
    return parts.map((file, index) =>
      file
        .set('split.no', { u16: index })
        .set('split.count', { u16: count })
        .set('split.tensors.count', { i32: this.tensors.length })
        .write(splitFileName({ base, part: index + 1, count })),
    );
  }

  private writeDraft(draft: string): void {
    const handle = openSync(draft, 'w');
    try {
      writeWhole(handle, padded(this.head()));
      for (const tensor of this.tensors) writeWhole(handle, padded(tensor.encode()));
    } finally {
      closeSync(handle);
    }
  }

  private head(): Buffer {
    const counts = [encodeU32(VERSION), encodeU64(this.tensors.length), encodeU64(this.entries.length)];
    let offset = 0;
    const tensors = this.tensors.map((tensor) => {
      const entry = encodeTensorEntry(tensor, offset);
      offset += storedLength(tensor);
      return entry;
    });
    return Buffer.concat([Buffer.from('GGUF'), ...counts, ...this.entries, ...tensors]);
  }
}

function encodeTensorEntry({ name, dimensions, type }: Tensor, offset: number): Buffer {
  return Buffer.concat([
    encodeString(name),
    encodeU32(dimensions.length),
    ...dimensions.map(encodeU64),
    encodeU32(tensorTypes[type].id),
    encodeU64(offset),
  ]);
}

function storedLength(tensor: Tensor): number {
  return aligned(byteLength(tensor.type, sizeOf(tensor)));
}

function sizeOf({ dimensions }: Tensor): number {
  return dimensions.reduce((product, length) => product * length, 1);
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes], aligned(bytes.length));
}

function writeWhole(handle: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(handle, bytes, written);
}
