import type { ErrorCode } from '@parley/contracts';
import type { ParseLimits } from '../documents/formats/format.ts';
import type { ReaderEvent, ReadInput } from './reader-events.ts';

/** What the process is asked to read. The path of a file is where the process may read it. */
export interface ReadRequest {
  input: ReadInput;
  /** An empty folder that the process may write to: the files of an archive. */
  folder: string;
  limits: ParseLimits;
}

/** From the pool to a process. It waits for `next` after every event but `progress`. */
export type PoolMessage = { type: 'read'; request: ReadRequest } | { type: 'next' } | { type: 'ping' };

/** From a process to the pool. `done` and `failed` end a document; the process is free then. */
export type ProcessMessage =
  /** It runs and can be asked: said at its start, and to a `ping`. */
  | { type: 'ready' }
  | { type: 'event'; event: Exclude<ReaderEvent, { type: 'end' }> }
  /** `cpuMs`: processor time of the process since it started. */
  | { type: 'done'; cpuMs: number }
  | { type: 'failed'; code: ErrorCode; message: string; cpuMs: number };
