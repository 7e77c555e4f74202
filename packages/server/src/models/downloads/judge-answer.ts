import { ParleyError } from '@parley/contracts';
import type { RangeRequest, RemoteAnswer } from './open-remote.ts';
import type { PartState } from './part-file.ts';

/** What an answer means for the bytes that are there. */
export type Verdict =
  /** Its body follows them. */
  | { kind: 'goes-on' }
  /** Its body is the file from the beginning. */
  | { kind: 'from-the-start' }
  /** There is nothing more to come. */
  | { kind: 'complete' }
  /** It is another file by now, so that they are worth nothing. */
  | { kind: 'changed' }
  /** It sends another place than was asked for. */
  | { kind: 'wrong-range' }
  /** The same file, sent whole because its etag is not the same on every machine of the hub. */
  | { kind: 'ask-without-if-range' }
  | { kind: 'later'; reason: string; retryAfterMs: number | null }
  | { kind: 'refused'; error: ParleyError };

const MAX_RETRY_AFTER_SECONDS = 300;

/** Decides by status and headers alone. */
export function judgeAnswer(answer: RemoteAnswer, range: RangeRequest | null, known: Readonly<PartState>): Verdict {
  switch (answer.status) {
    case 200:
      return judgeWhole(answer, range, known);
    case 206:
      return judgeRange(answer, range, known);
    case 416:
      // Asked from its end, a file whose size nobody had said is whole.
      return range !== null && answer.size === range.from ? { kind: 'complete' } : { kind: 'changed' };
    default:
      return judgeRefusal(answer);
  }
}

function judgeWhole(answer: RemoteAnswer, range: RangeRequest | null, known: Readonly<PartState>): Verdict {
  if (range === null || range.from === 0) return { kind: 'from-the-start' };
  if (isOther(answer, known)) return { kind: 'changed' };
  const isSameForSure = answer.digest !== null && answer.digest === known.digest;
  if (isSameForSure && range.ifRange !== null && answer.etag !== range.ifRange) return { kind: 'ask-without-if-range' };
  return { kind: 'from-the-start' };
}

function judgeRange(answer: RemoteAnswer, range: RangeRequest | null, known: Readonly<PartState>): Verdict {
  if (range === null || answer.start !== range.from) return { kind: 'wrong-range' };
  return isOther(answer, known) ? { kind: 'changed' } : { kind: 'goes-on' };
}

// A digest says it for sure; without one an etag does, and a size can at least deny it.
function isOther(answer: RemoteAnswer, known: Readonly<PartState>): boolean {
  if (differ(answer.size, known.size)) return true;
  if (answer.digest !== null && known.digest !== null) return answer.digest !== known.digest;
  return differ(answer.etag, known.etag);
}

function differ(one: string | number | null, other: string | number | null): boolean {
  return one !== null && other !== null && one !== other;
}

function judgeRefusal({ status, host, headers }: RemoteAnswer): Verdict {
  const code = String(headers['x-error-code'] ?? '');
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    return { kind: 'later', reason: `${host} answered with status ${status}.`, retryAfterMs: retryAfter(headers) };
  }
  return { kind: 'refused', error: new ParleyError('download_failed', refusalSentence(status, { host, code })) };
}

function retryAfter(headers: RemoteAnswer['headers']): number | null {
  const seconds = Number(headers['retry-after'] ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, MAX_RETRY_AFTER_SECONDS) * 1000 : null;
}

function refusalSentence(status: number, { host, code }: { host: string; code: string }): string {
  if (code === 'GatedRepo') {
    return `${host} gives this model only to those who accepted its terms: accept them on its page, and set the token HF_TOKEN.`;
  }
  if (code === 'RevisionNotFound') return `There is no such revision of this model on ${host}.`;
  // The hub answers 401 for a repository that does not exist, as for one that is private.
  if (code === 'RepoNotFound')
    return `There is no such repository on ${host}, or it is private and needs the token HF_TOKEN.`;
  if (status === 401 || status === 403) return `${host} does not give this file without a token that it accepts.`;
  if (status === 404 || status === 410) return `There is no such file on ${host}.`;
  return `${host} answered with status ${status} and did not send the file.`;
}
