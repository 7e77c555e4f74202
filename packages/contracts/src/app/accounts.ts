import { z } from 'zod';

export const MIN_PASSWORD_LENGTH = 8;
const nameSchema = z.string().trim().min(1).max(64);
const passwordSchema = z.string().min(MIN_PASSWORD_LENGTH).max(1024);

export const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['owner', 'member']),
  has_password: z.boolean(),
});
export type Account = z.infer<typeof accountSchema>;

/**
 * `GET /api/session`, open to all: who is signed in, and what the sign-in page should offer.
 * `set-up`: no owner yet. `one-click`: this install answers on loopback only, and its owner has
 * no password. `password`: name and password are asked for.
 */
export const sessionStateSchema = z.object({
  account: accountSchema.nullable(),
  sign_in: z.enum(['set-up', 'one-click', 'password']),
  /** Whether the owner may be made, or signed in, without a password here. */
  is_loopback_only: z.boolean(),
});
export type SessionState = z.infer<typeof sessionStateSchema>;

/** `POST /api/session/owner`: the first visitor's account; the password may be left out on a loopback-only install. */
export const createOwnerRequestSchema = z.object({
  name: nameSchema.default('Owner'),
  password: passwordSchema.nullish(),
});
/** `POST /api/session`: sign in; an empty body where `sign_in` is `one-click`. `DELETE /api/session` signs out. */
export const signInRequestSchema = z.object({ name: nameSchema.nullish(), password: z.string().max(1024).nullish() });
/**
 * `PUT /api/session/password`: sets or changes one's own password; answered 204. The current one is
 * asked for where there is one, but not of the holder of the installation's secret: that is the way
 * back in for whoever forgot it. Every other session of the account ends.
 */
export const changePasswordRequestSchema = z.object({
  current_password: z.string().max(1024).nullish(),
  password: passwordSchema,
});

/** A bearer token for scripts, as listed; the token itself is shown once, when it is made. */
export const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  created_at: z.number().int(),
  last_used_at: z.number().int().nullable(),
});
export type TokenView = z.infer<typeof tokenSchema>;
/** `GET /api/tokens`. */
export const tokenListSchema = z.object({ tokens: z.array(tokenSchema) });
/** `POST /api/tokens`, answered 201 with `createdTokenSchema`; `DELETE /api/tokens/:id` revokes. */
export const createTokenRequestSchema = z.object({ name: nameSchema.default('script') });
export const createdTokenSchema = tokenSchema.extend({ token: z.string() });
export type CreatedToken = z.infer<typeof createdTokenSchema>;
