/** What is offered for a connection, in this order. */
export const connectionActions = ['add', 'key', 'edit', 'delete'] as const;
export type ConnectionAction = (typeof connectionActions)[number];
