import { z } from 'zod';
import { isErrorCode, type ErrorCode } from './error-codes.ts';

/** A code of the table. */
export const errorCodeSchema = z.custom<ErrorCode>(isErrorCode, 'must be a code of the error table');

/** OpenAI's error object; what every Parley route answers when it fails. Loose: others add fields. */
export const errorBodySchema = z.object({
  error: z.looseObject({
    message: z.string(),
    type: z.string().nullish(),
    param: z.string().nullish(),
    code: z.union([z.string(), z.number()]).nullish(),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;
