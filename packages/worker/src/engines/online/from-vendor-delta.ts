import { z } from 'zod';
import { chatDeltaSchema, type ChatDelta } from '@parley/contracts';

const textSchema = z.string().nullish().catch(null);
// Mistral's models that reason send parts: text, and thoughts that are parts themselves.
const partSchema = z.looseObject({
  type: z.string(),
  text: textSchema,
  thinking: z
    .array(z.looseObject({ text: textSchema }))
    .nullish()
    .catch(null),
});
const partsSchema = z.looseObject({ content: z.array(partSchema) });
// `reasoning` is OpenRouter's, Groq's, Ollama's and vLLM's word, `reasoning_details` MiniMax's.
const thoughtsSchema = z.looseObject({
  reasoning_content: textSchema,
  reasoning: textSchema,
  reasoning_details: z
    .array(z.looseObject({ text: textSchema }))
    .nullish()
    .catch(null),
});

/** What a chunk adds, whichever way a vendor names a model's thoughts: as `reasoning_content`. */
export const vendorDeltaSchema = z.preprocess(withoutParts, chatDeltaSchema).transform(withThoughts);

function withoutParts(delta: unknown): unknown {
  const parsed = partsSchema.safeParse(delta);
  if (!parsed.success) return delta;
  const { content, ...rest } = parsed.data;
  const thoughts = content.flatMap(({ thinking }) => thinking ?? []);
  return { ...rest, content: joined(content), ...(thoughts.length > 0 && { reasoning_content: joined(thoughts) }) };
}

function withThoughts(delta: ChatDelta): ChatDelta {
  const parsed = thoughtsSchema.safeParse(delta);
  if (!parsed.success) return delta;
  const { reasoning_content, reasoning, reasoning_details } = parsed.data;
  const thoughts = reasoning_content || reasoning || joined(reasoning_details ?? []);
  if (typeof reasoning === 'string') delete delta['reasoning'];
  return thoughts ? { ...delta, reasoning_content: thoughts } : delta;
}

function joined(parts: readonly { text?: string | null | undefined }[]): string {
  return parts.map(({ text }) => text ?? '').join('');
}
