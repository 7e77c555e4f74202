import { z } from 'zod';
import type { BodyStatus } from '@parley/contracts';
import { byWords, fromOpenaiRefusal, toParleyError, type Translator } from '../online/from-openai-refusal.ts';

const recordSchema = z.looseObject({});
const codeSchema = z.union([z.number(), z.string()]).transform(String);

/** Gives a body whose status is an error OpenAI's form of one; others stay as they are. */
export function toErrorForm({ field, codeField, messageField }: BodyStatus): (body: unknown) => unknown {
  return (body) => {
    const status = valueOf(body, field);
    const code = codeSchema.safeParse(valueOf(status, codeField)).data ?? '0';
    return code === '0' ? body : { error: { code, message: valueOf(status, messageField) || null } };
  };
}

/** A refusal as an error of the table: by the vendor's code, else as with OpenAI. */
export function fromStatusRefusal({ codes, codeInMessage }: BodyStatus): Translator {
  return (refusal, upstream) => {
    const code = codes[refusal.code ?? ''] ?? codes[codeInMessage.exec(refusal.message)?.[1] ?? ''];
    if (code === undefined) return fromOpenaiRefusal(refusal, upstream);
    return toParleyError(byWords(code, refusal.message), refusal, upstream);
  };
}

function valueOf(value: unknown, field: string): unknown {
  return recordSchema.safeParse(value).data?.[field];
}
