import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ParleyError, type ErrorCode } from '@parley/contracts';

const FASTIFY_CODES: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'invalid_request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'invalid_request',
};

/** The only place that turns an error into a status. Unknown errors become `internal_error`, their words hidden. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = asParleyError(error);
  if (known.status >= 500) request.log.error({ err: error, code: known.code }, 'request failed');
  if (known.retryAfterSeconds !== null) reply.header('retry-after', known.retryAfterSeconds);
  void reply.code(known.status).send(known.toBody());
}

/** Answers a path that no route serves. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): void {
  answerError(
    new ParleyError('not_found', `There is nothing at ${request.method} ${request.url.split('?')[0]}.`),
    request,
    reply,
  );
}

/** Any thrown thing as an error of the table. */
export function asParleyError(error: unknown): ParleyError {
  if (error instanceof ParleyError) return error;
  return (
    fromFastify(error) ??
    new ParleyError('internal_error', 'Something went wrong inside Parley; the log has the cause.', { cause: error })
  );
}

function fromFastify(error: unknown): ParleyError | null {
  const { code, statusCode, message } = error as Partial<FastifyError>;
  const known = code === undefined ? undefined : FASTIFY_CODES[code];
  if (known === 'body_too_large')
    return new ParleyError(known, 'The request is larger than this service accepts.', { cause: error });
  if (known !== undefined) return new ParleyError(known, message ?? 'The body could not be read.', { cause: error });
  const isCallersFault = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return isCallersFault
    ? new ParleyError('invalid_request', message ?? 'The request could not be read.', { cause: error })
    : null;
}
