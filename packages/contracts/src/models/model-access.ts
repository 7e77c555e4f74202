import { z } from 'zod';

/** Who may use a model. `chosen`: the owner and the named users. */
export const modelAccessSchema = z.object({
  mode: z.enum(['everyone', 'owner', 'chosen']),
  /** Names of accounts, for `chosen`. */
  users: z.array(z.string().min(1).max(64)).max(1000).default([]),
});
export type ModelAccess = z.output<typeof modelAccessSchema>;
