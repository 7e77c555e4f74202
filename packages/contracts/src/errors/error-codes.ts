/**
 * Every error that Parley can answer with, in one table. `status` is the HTTP status,
 * `type` the OpenAI error type (platform.openai.com/docs/guides/error-codes), `retryable`
 * says whether the same request may succeed later without a change by the caller.
 * Where to read on: docs/architecture.md#errors.
 */
export const errorCodes = {
  invalid_request: { status: 400, type: 'invalid_request_error', retryable: false },
  url_refused: { status: 400, type: 'invalid_request_error', retryable: false },
  context_length_exceeded: { status: 400, type: 'invalid_request_error', retryable: false },
  not_signed_in: { status: 401, type: 'authentication_error', retryable: false },
  wrong_credentials: { status: 401, type: 'authentication_error', retryable: false },
  invalid_api_key: { status: 401, type: 'authentication_error', retryable: false },
  not_allowed: { status: 403, type: 'permission_error', retryable: false },
  foreign_origin: { status: 403, type: 'permission_error', retryable: false },
  not_found: { status: 404, type: 'invalid_request_error', retryable: false },
  model_not_found: { status: 404, type: 'invalid_request_error', retryable: false },
  conversation_not_found: { status: 404, type: 'invalid_request_error', retryable: false },
  message_not_found: { status: 404, type: 'invalid_request_error', retryable: false },
  knowledge_base_not_found: { status: 404, type: 'invalid_request_error', retryable: false },
  chunk_not_found: { status: 404, type: 'invalid_request_error', retryable: false },
  judgement_not_found: { status: 404, type: 'invalid_request_error', retryable: false },
  document_not_found: { status: 404, type: 'invalid_request_error', retryable: false },
  connection_not_found: { status: 404, type: 'invalid_request_error', retryable: false },
  download_not_found: { status: 404, type: 'invalid_request_error', retryable: false },
  token_not_found: { status: 404, type: 'invalid_request_error', retryable: false },
  lease_not_found: { status: 404, type: 'invalid_request_error', retryable: false },
  owner_exists: { status: 409, type: 'invalid_request_error', retryable: false },
  owner_missing: { status: 409, type: 'invalid_request_error', retryable: false },
  name_taken: { status: 409, type: 'invalid_request_error', retryable: false },
  /** Its settings stand in the configuration file. */
  model_locked: { status: 409, type: 'invalid_request_error', retryable: false },
  document_changed: { status: 409, type: 'invalid_request_error', retryable: false },
  document_busy: { status: 409, type: 'invalid_request_error', retryable: true },
  answer_running: { status: 409, type: 'invalid_request_error', retryable: true },
  body_too_large: { status: 413, type: 'invalid_request_error', retryable: false },
  unsupported_media_type: { status: 415, type: 'invalid_request_error', retryable: false },
  url_private: { status: 422, type: 'invalid_request_error', retryable: false },
  document_too_large: { status: 422, type: 'invalid_request_error', retryable: false },
  document_encrypted: { status: 422, type: 'invalid_request_error', retryable: false },
  document_empty: { status: 422, type: 'invalid_request_error', retryable: false },
  document_type_unknown: { status: 422, type: 'invalid_request_error', retryable: false },
  /** A small file that grows beyond every limit when it is unpacked. */
  document_bomb: { status: 422, type: 'invalid_request_error', retryable: false },
  document_too_slow: { status: 422, type: 'invalid_request_error', retryable: false },
  document_unreadable: { status: 422, type: 'invalid_request_error', retryable: false },
  /** Broken, cut off, or no model. */
  model_file_unreadable: { status: 422, type: 'invalid_request_error', retryable: false },
  model_file_missing: { status: 422, type: 'invalid_request_error', retryable: false },
  /** The settings ask for more memory than there is. */
  model_too_large: { status: 422, type: 'invalid_request_error', retryable: false },
  content_refused: { status: 422, type: 'invalid_request_error', retryable: false },
  too_many_requests: { status: 429, type: 'rate_limit_error', retryable: true },
  queue_full: { status: 429, type: 'rate_limit_error', retryable: true },
  provider_rate_limited: { status: 429, type: 'rate_limit_error', retryable: true },
  provider_quota_exceeded: { status: 429, type: 'insufficient_quota', retryable: false },
  request_aborted: { status: 499, type: 'invalid_request_error', retryable: false },
  internal_error: { status: 500, type: 'server_error', retryable: false },
  /** Its own computation broke, not a provider's. */
  model_failed: { status: 500, type: 'server_error', retryable: true },
  url_unreachable: { status: 502, type: 'server_error', retryable: true },
  provider_key_refused: { status: 502, type: 'server_error', retryable: false },
  provider_failed: { status: 502, type: 'server_error', retryable: true },
  worker_unreachable: { status: 502, type: 'server_error', retryable: true },
  stream_interrupted: { status: 502, type: 'server_error', retryable: true },
  /** What was fetched is not what it should be: another checksum, or the file changed under the download. */
  download_mismatch: { status: 502, type: 'server_error', retryable: false },
  download_failed: { status: 502, type: 'server_error', retryable: true },
  embedding_failed: { status: 502, type: 'server_error', retryable: true },
  vector_store_failed: { status: 502, type: 'server_error', retryable: true },
  no_worker_for_model: { status: 503, type: 'server_error', retryable: true },
  model_needs_key: { status: 503, type: 'server_error', retryable: false },
  /** No launcher runs the processes here. */
  model_host_missing: { status: 503, type: 'server_error', retryable: false },
  provider_overloaded: { status: 503, type: 'server_error', retryable: true },
  model_loading: { status: 503, type: 'server_error', retryable: true },
  controller_unreachable: { status: 503, type: 'server_error', retryable: true },
  gateway_unreachable: { status: 503, type: 'server_error', retryable: true },
  /** The page's own: the application server did not answer it. */
  server_unreachable: { status: 503, type: 'server_error', retryable: true },
  disk_full: { status: 507, type: 'server_error', retryable: true },
  storage_failed: { status: 507, type: 'server_error', retryable: true },
  worker_timeout: { status: 504, type: 'server_error', retryable: true },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** True when `value` is a code of the table. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}
