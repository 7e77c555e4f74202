/** Carries a request's id through all processes and back to the caller. */
export const REQUEST_ID_HEADER = 'x-request-id';
/** Whose request it is, from the server to the gateway: fairness in the queue, never authority. */
export const END_USER_HEADER = 'x-parley-user';
/** From the server to a worker that an owner tries: what the provider itself said belongs into the answer. */
export const PROVIDER_WORDS_HEADER = 'x-parley-provider-words';
