/** Carries a request's id through all processes and back to the caller. */
export const REQUEST_ID_HEADER = 'x-request-id';
/** Whose request it is, from the server to the gateway: fairness in the queue, never authority. */
export const END_USER_HEADER = 'x-parley-user';
