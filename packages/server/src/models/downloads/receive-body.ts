import type { IncomingMessage } from 'node:http';
import { ParleyError } from '@parley/contracts';
import { whatElse } from '@parley/service-kit/gguf';
import { BrokenOff } from './ask-in-turn.ts';
import { toDiskError } from './disk-error.ts';
import type { PartFile } from './part-file.ts';

/** How much is asked for at once, and stored before it counts: what a kill can cost at most. */
export const CHUNK_BYTES = 8 * 1024 * 1024;

export interface ReceiveOptions {
  file: string;
  /** Where it must end at the latest; what a server sends beyond is not taken. */
  endBytes: number;
  /** A body that is silent for so long is given up. */
  stallMs: number;
  /** Throws when so many bytes more are not to be stored. */
  requireRoom: (bytes: number) => Promise<void>;
  onBytes: (receivedBytes: number) => void;
}

/**
 * Appends a body to a part. Throws `BrokenOff` when it breaks off, what came before is kept;
 * `disk_full` and `storage_failed` for the disk, and `model_file_unreadable` as soon as the first
 * bytes are no model's.
 */
export async function receiveBody(body: IncomingMessage, part: PartFile, options: ReceiveOptions): Promise<void> {
  const stall = setTimeout(() => body.destroy(new Error('silent')), options.stallMs);
  let pieces: Buffer[] = [];
  let pending = 0;
  const store = async () => {
    const taken = pieces;
    [pieces, pending] = [[], 0];
    if (taken.length > 0) await storePieces(part, taken, options);
    stall.refresh();
  };
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      stall.refresh();
      const room = options.endBytes - part.state.received - pending;
      pieces.push(piece.length > room ? piece.subarray(0, room) : piece);
      pending += Math.min(piece.length, room);
      options.onBytes(part.state.received + pending);
      if (pending >= CHUNK_BYTES) await store();
      if (piece.length > room) break;
    }
    await store();
  } catch (error) {
    if (error instanceof ParleyError) throw error;
    await store();
    throw new BrokenOff('The body broke off.', { cause: error });
  } finally {
    clearTimeout(stall);
  }
}

async function storePieces(
  part: PartFile,
  pieces: readonly Buffer[],
  { file, requireRoom }: Pick<ReceiveOptions, 'file' | 'requireRoom'>,
): Promise<void> {
  if (part.state.received === 0) refuseOthers(pieces, file);
  await requireRoom(pieces.reduce((sum, { length }) => sum + length, 0));
  try {
    await part.append(pieces);
  } catch (error) {
    const known = toDiskError(error, file);
    if (known instanceof ParleyError) throw known;
    throw new ParleyError('storage_failed', `"${file}" could not be stored.`, { cause: error });
  }
}

function refuseOthers(pieces: readonly Buffer[], file: string): void {
  const start = Buffer.concat(pieces.slice(0, 8));
  const other = start.length < 4 ? null : whatElse(start);
  if (other !== null) {
    throw new ParleyError('model_file_unreadable', `What was sent as "${file}" cannot be used: ${other}.`);
  }
}
