import { z } from 'zod';
import type { UpstreamModels } from '@parley/contracts';
import { guessPurpose, MAX_LISTED_MODELS, readList, type UpstreamModel } from '../online/upstream-models.ts';

const textSchema = z.string().nullish().catch(null);
const lengthSchema = z.number().int().positive().nullish().catch(null);
const flagSchema = z.boolean().nullish().catch(null);
const wordsSchema = z.array(z.string()).nullish().catch(null);

// Beside `id`, what some say: names (OpenRouter, Together), lengths (OpenRouter, Together, Moonshot; vLLM;
// Groq; Mistral; LM Studio), types (Together; LM Studio), abilities (OpenRouter; Mistral; Moonshot).
const modelSchema = z.looseObject({
  id: z.string().min(1).max(256),
  name: textSchema,
  display_name: textSchema,
  type: textSchema,
  active: flagSchema,
  context_length: lengthSchema,
  max_model_len: lengthSchema,
  context_window: lengthSchema,
  max_context_length: lengthSchema,
  supported_parameters: wordsSchema,
  architecture: z.looseObject({ input_modalities: wordsSchema, output_modalities: wordsSchema }).nullish().catch(null),
  capabilities: z.looseObject({ vision: flagSchema, function_calling: flagSchema }).nullish().catch(null),
  supports_image_in: flagSchema,
  supports_reasoning: flagSchema,
});
type ListedModel = z.infer<typeof modelSchema>;

const itemsSchema = z.array(z.unknown()).max(10_000);
// Together answers the bare list.
const listSchema = z.union([itemsSchema, z.looseObject({ data: itemsSchema }).transform(({ data }) => data)]);

/** A list in OpenAI's form, with what other vendors add to it. A model that cannot be read is left out. */
export function fromOpenaiModels(answer: unknown): UpstreamModels['models'] {
  return readList(listSchema, answer)
    .flatMap((item) => modelSchema.safeParse(item).data ?? [])
    .filter(({ active }) => active !== false)
    .flatMap(toUpstreamModel)
    .slice(0, MAX_LISTED_MODELS);
}

function toUpstreamModel(model: ListedModel): UpstreamModel[] {
  const purpose = purposeOf(model);
  if (purpose === null) return [];
  const { id, name, display_name, context_length, max_model_len, context_window, max_context_length } = model;
  const label = display_name ?? (name === id ? null : name) ?? null;
  const length = context_length ?? max_model_len ?? context_window ?? max_context_length ?? null;
  return [{ id, label, purpose, context_length: length, capabilities: capabilitiesOf(model) }];
}

const TYPES: Record<string, UpstreamModel['purpose']> = {
  chat: 'chat',
  language: 'chat',
  llm: 'chat',
  vlm: 'chat',
  embedding: 'embedding',
  embeddings: 'embedding',
  rerank: 'rerank',
  image: null,
  audio: null,
  video: null,
  moderation: null,
  transcribe: null,
};

function purposeOf({ id, type, architecture }: ListedModel): UpstreamModel['purpose'] {
  const named = TYPES[type ?? ''];
  if (named !== undefined) return named;
  const outputs = architecture?.output_modalities;
  // One that answers texts alone is a chat model, whatever its name sounds like.
  if (outputs?.length === 1 && outputs[0] === 'text') return 'chat';
  return guessPurpose(id);
}

function capabilitiesOf(model: ListedModel): UpstreamModel['capabilities'] {
  const { supported_parameters: fields, architecture, capabilities } = model;
  const said = {
    vision: architecture?.input_modalities?.includes('image') ?? capabilities?.vision ?? model.supports_image_in,
    tools: fields?.includes('tools') ?? capabilities?.function_calling,
    reasoning: fields?.includes('reasoning') ?? model.supports_reasoning,
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => typeof value === 'boolean'));
}
