import { ParleyError, type ErrorCode } from '@parley/contracts';

/** How a process ended: Node's exit code or the signal. */
export interface Exit {
  code: number | null;
  signal: string | null;
}

export interface StartFailureFacts {
  /** Of a failure that the error table knows. */
  code?: ErrorCode | undefined;
  /** Trying again cannot help. */
  isFinal?: boolean;
  /** Set when the process ended before it was ready. */
  exit?: Exit;
  cause?: unknown;
}

/** Why a process did not become ready; the message is the child's own sentence, or a plain reason. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
  readonly code: ErrorCode | null;
  readonly isFinal: boolean;
  readonly exit: Exit | null;

  constructor(message: string, { code, isFinal = false, exit, cause }: StartFailureFacts = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code ?? null;
    this.isFinal = isFinal;
    this.exit = exit ?? null;
  }

  /** As people read it on its own. */
  get sentence(): string {
    return this.code === null ? `The process did not start: ${this.message.replace(/\.$/, '')}.` : this.message;
  }

  /** The same for who asked over the channel. */
  toParleyError(): ParleyError {
    return new ParleyError(this.code ?? 'worker_unreachable', this.sentence, { cause: this });
  }
}

export function toWords({ code, signal }: Exit): string {
  return signal ?? `code ${code}`;
}

const CRASH_SIGNALS = new Set(['SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE']);
const CRASH_CODES = new Set([134, 135, 136, 132, 139]);

/** Native code broke down, as against a process that somebody ended or that threw. */
export function isNativeCrash({ code, signal }: Exit): boolean {
  return signal === null ? CRASH_CODES.has(code ?? 0) : CRASH_SIGNALS.has(signal);
}
