import { errorCodes, isErrorCode, type ErrorCode } from './error-codes.ts';
import { errorBodySchema, type ErrorBody } from './error-body.ts';

export interface ParleyErrorOptions {
  /** What went wrong underneath; logged, never sent. */
  cause?: unknown;
  /** The request field at fault, as a path: `messages.0.role`. */
  param?: string;
  /** Sent as `Retry-After`, in whole seconds. */
  retryAfterSeconds?: number;
  /** The HTTP status that a server which was asked gave; for who asked it, never sent. */
  answeredStatus?: number;
}

/** The one error that crosses rooms: a code of the table and a sentence a person can act on. */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';
  readonly code: ErrorCode;
  readonly param: string | null;
  readonly retryAfterSeconds: number | null;
  readonly answeredStatus: number | null;

  constructor(code: ErrorCode, message: string, options: ParleyErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.param = options.param ?? null;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
    this.answeredStatus = options.answeredStatus ?? null;
  }

  get status(): number {
    return errorCodes[this.code].status;
  }

  get isRetryable(): boolean {
    return errorCodes[this.code].retryable;
  }

  /** The OpenAI error object, the same shape on every door of Parley. */
  toBody(): ErrorBody {
    return { error: { message: this.message, type: errorCodes[this.code].type, param: this.param, code: this.code } };
  }

  /**
   * Reads an answered error body back into an error; a code outside the table (a foreign
   * server's) becomes `fallback`, with the server's own words kept.
   */
  static fromBody(body: unknown, fallback: ErrorCode): ParleyError {
    const parsed = errorBodySchema.safeParse(body);
    if (!parsed.success) return new ParleyError(fallback, 'The answer was not a readable error.', { cause: body });
    const { code, message, param } = parsed.data.error;
    return new ParleyError(isErrorCode(code) ? code : fallback, message, param ? { param } : {});
  }
}
