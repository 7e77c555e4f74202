import { readFile } from 'node:fs/promises';
import { ParleyError } from '@parley/contracts';
import { detectLanguage } from '@parley/text';
import type { FileToRead, Formats, ParseContext } from '../documents/formats/format.ts';
import { splitDocument } from '../documents/split-document.ts';
import { finishDocument } from './finish-document.ts';
import type { ReadRequest } from './reader-messages.ts';
import type { ParsedChunk, ParsedDocument, ReaderEvent, ReadInput } from './reader-events.ts';
import { toReadError } from './to-read-error.ts';

type Event = Exclude<ReaderEvent, { type: 'end' }>;
type Progress = Extract<ReaderEvent, { type: 'progress' }>;

export interface ReadTools {
  formats: Formats;
  /** Told without waiting. */
  report: (progress: Progress) => void;
}

const TEXT_PART = 64 * 1024;
const CHUNKS_PART = 200;

/** Parses, splits, and says what was found, in the order of `ReaderEvent`. Throws `ParleyError`, or what a parser throws. */
export async function* readDocument(request: ReadRequest, tools: ReadTools): AsyncGenerator<Event> {
  const { input, limits } = request;
  if (input.kind === 'text') {
    yield* cutDocument(finishDocument(asDocument(input), limits), input, tools);
    return;
  }
  const file = { name: input.name, mediaType: input.mediaType, bytes: await readBytes(input.path) };
  tools.report({ type: 'progress', stage: 'parsing', percent: 0 });
  if (tools.formats.isArchive(file)) yield* unpack(file, request, tools);
  else yield* cutDocument(finishDocument(await parseFile(file, request, tools), limits), input, tools);
}

function asDocument({ title, text, pages, flaggedSpans }: Extract<ReadInput, { kind: 'text' }>): ParsedDocument {
  const language = detectLanguage(text);
  return { title, language, mediaType: 'text/markdown', text, pages, flags: [], flaggedSpans };
}

async function readBytes(path: string): Promise<Uint8Array> {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function* unpack(file: FileToRead, { folder, limits }: ReadRequest, tools: ReadTools): AsyncGenerator<Event> {
  for await (const entry of tools.formats.unpackArchive(file.bytes, folder, limits)) {
    yield { type: 'entry', name: entry.name, path: entry.path, size: entry.size };
  }
}

async function parseFile(file: FileToRead, { input, limits }: ReadRequest, tools: ReadTools): Promise<ParsedDocument> {
  const format = tools.formats.formatFor(file);
  if (!format) throw new ParleyError('document_type_unknown', 'Parley knows no way to read this kind of file.');
  const select = input.kind === 'file' ? input.select : [];
  const context: ParseContext = { name: file.name, select, limits, progress: reportSteps(tools) };
  try {
    return await format.parse(file.bytes, context);
  } catch (error) {
    throw withWrongName(error, { file, formatName: format.name, formats: tools.formats });
  }
}

/** One report for each percent, however often a parser tells. */
function reportSteps({ report }: ReadTools): (percent: number) => void {
  let last = 0;
  return (percent) => {
    const whole = Math.floor(Math.min(percent, 100));
    if (whole <= last) return;
    last = whole;
    report({ type: 'progress', stage: 'parsing', percent: whole });
  };
}

interface WrongName {
  file: FileToRead;
  formatName: string;
  formats: Formats;
}

/** The bytes decide what a file is; one that could not be read is told what its name would have made of it. */
function withWrongName(error: unknown, { file, formatName, formats }: WrongName): unknown {
  const promised = formats.formatFor({ ...file, mediaType: null, bytes: new Uint8Array() })?.name ?? formatName;
  const { code, message } = toReadError(error);
  if (promised === formatName || code !== 'document_unreadable') return error;
  const note = `Its name says ${promised}, but its content looks like ${formatName}.`;
  return new ParleyError(code, `${message} ${note}`, { cause: error });
}

function* cutDocument(document: ParsedDocument, { split }: ReadInput, tools: ReadTools): Generator<Event> {
  const { text, ...head } = document;
  yield { type: 'head', document: { ...head, length: text.length } };
  yield* textParts(text);
  tools.report({ type: 'progress', stage: 'splitting', percent: 0 });
  yield* chunkParts(splitDocument(document, split));
}

function* textParts(text: string): Generator<Event> {
  let start = 0;
  while (start < text.length) {
    const part = wholeCharacters(text.slice(start, start + TEXT_PART));
    yield { type: 'text', start, text: part };
    start += part.length;
  }
}

function wholeCharacters(part: string): string {
  return part.length > 1 && /[\uD800-\uDBFF]$/.test(part) ? part.slice(0, -1) : part;
}

function* chunkParts(chunks: readonly ParsedChunk[]): Generator<Event> {
  for (let from = 0; from < chunks.length; from += CHUNKS_PART) {
    yield { type: 'chunks', chunks: chunks.slice(from, from + CHUNKS_PART) };
  }
}
