import { untilAborted } from '@parley/service-kit';
import type { ReaderEvent, ReadInput } from '@parley/rag';
import type { JobTicket } from '../jobs/job-ticket.ts';
import { dropVersion } from '../rows/drop-version.ts';
import { VersionWriter } from '../rows/version-writer.ts';
import type { WorkParts } from './work-parts.ts';

type Entry = Extract<ReaderEvent, { type: 'entry' }>;
type Head = Extract<ReaderEvent, { type: 'head' }>['document'];

export interface Reading {
  ticket: JobTicket;
  parts: Pick<WorkParts, 'db' | 'reader' | 'newId' | 'now'>;
  documentId: string;
  fileHash: string | null;
}

export interface ReadingRules {
  /** A file of an archive; without it archives are not expected. */
  onEntry?: (entry: Entry) => Promise<void>;
  /** What is known better than the reader can know it. */
  adjustHead?: (head: Head) => Head;
  /** The text is stored already; only passages are. */
  isTextKept?: boolean;
}

export interface StagedVersion {
  versionId: string;
  mediaType: string;
}

/** Reads into a version that nobody sees yet; null when an archive was read. What was written goes again when it fails. */
export async function readInto(
  input: ReadInput,
  reading: Reading,
  rules: ReadingRules = {},
): Promise<StagedVersion | null> {
  const { ticket, parts, documentId, fileHash } = reading;
  const writer = new VersionWriter({ ticket, documentId, fileHash, newId: parts.newId, now: parts.now });
  try {
    const mediaType = await pour(writer, untilAborted(parts.reader.read(input, ticket.signal), ticket.signal), {
      ticket,
      rules,
    });
    if (mediaType === null) return null;
    await writer.flush();
    return { versionId: writer.id, mediaType };
  } catch (error) {
    await dropVersion(parts.db, writer.id);
    throw error;
  }
}

async function pour(
  writer: VersionWriter,
  events: AsyncIterable<ReaderEvent>,
  { ticket, rules }: { ticket: JobTicket; rules: ReadingRules },
): Promise<string | null> {
  const { onEntry, adjustHead = (head) => head, isTextKept = false } = rules;
  let mediaType: string | null = null;
  for await (const event of events) {
    if (event.type === 'progress') await ticket.progress(event.stage, toWholePercent(event));
    if (event.type === 'head') {
      ({ mediaType } = event.document);
      writer.begin(adjustHead(event.document));
    }
    if (event.type === 'text' && !isTextKept) await writer.addText(event.start, event.text);
    if (event.type === 'chunks') await writer.addChunks(event.chunks);
    if (event.type === 'entry') await onEntry?.(event);
  }
  return mediaType;
}

/** Parsing is from 5 to 40 of the way, splitting to 50; the rest is embedding. */
function toWholePercent({ stage, percent }: Extract<ReaderEvent, { type: 'progress' }>): number {
  return stage === 'parsing' ? 5 + percent * 0.35 : 40 + percent * 0.1;
}
