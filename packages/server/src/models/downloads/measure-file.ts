import { askInTurn, type Outcome } from './ask-in-turn.ts';
import { judgeAnswer } from './judge-answer.ts';
import type { FileSource } from './model-source.ts';
import type { OpenRemote } from './open-remote.ts';

/** What a server says of a file, as far as it does. */
export interface FileMeasure {
  size: number | null;
  /** SHA-256 in hex. */
  digest: string | null;
}

export interface MeasureOptions {
  open: OpenRemote;
  /** Bytes that are there of what it belongs to: with some, a host that is away is waited for longer. */
  received: number;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
}

const NOTHING = { received: 0, size: null, etag: null, digest: null };

/** Asks for the first byte of a file, to learn how large it is. Throws what a download of it would. */
export async function measureFile(source: FileSource, options: MeasureOptions): Promise<FileMeasure> {
  const { open, wait, signal, received } = options;
  let found: FileMeasure | null = null;
  const ask = async (url: string): Promise<Outcome> => {
    const range = { from: 0, to: 0, ifRange: null };
    const answer = await open(url, range, signal);
    answer.body.destroy();
    const verdict = judgeAnswer(answer, range, { source: source.source, ...NOTHING });
    if (verdict.kind === 'later' || verdict.kind === 'refused') return verdict;
    found = { size: answer.size, digest: answer.digest };
    return null;
  };
  await askInTurn({ source, signal, wait, received: () => received, isDone: () => found !== null, ask });
  return found ?? NOTHING;
}
