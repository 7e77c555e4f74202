import { z } from 'zod';
import type { UpstreamModels } from '@parley/contracts';
import {
  guessPurpose,
  MAX_LIST_PAGES,
  MAX_LISTED_MODELS,
  readList,
  type UpstreamModel,
} from '../online/upstream-models.ts';

const pageSchema = z.looseObject({
  models: z
    .array(
      z.looseObject({
        name: z.string().min(1).max(256),
        displayName: z.string().nullish(),
        inputTokenLimit: z.number().int().positive().nullish().catch(null),
        supportedGenerationMethods: z.array(z.string()).nullish().catch(null),
        thinking: z.boolean().nullish().catch(null),
      }),
    )
    .nullish(),
  nextPageToken: z.string().nullish(),
});
type ListedModel = NonNullable<z.output<typeof pageSchema>['models']>[number];

/** All pages of Google's list (ai.google.dev/api/models); `get` reads one. */
export async function listGeminiModels(get: (path: string) => Promise<unknown>): Promise<UpstreamModels['models']> {
  const models: UpstreamModel[] = [];
  let token = '';
  for (let page = 0; page < MAX_LIST_PAGES && models.length < MAX_LISTED_MODELS; page += 1) {
    const { models: listed, nextPageToken } = readList(pageSchema, await get(`/models?pageSize=1000${token}`));
    models.push(...(listed ?? []).flatMap(toUpstreamModel));
    if (!nextPageToken) break;
    token = `&pageToken=${encodeURIComponent(nextPageToken)}`;
  }
  return models.slice(0, MAX_LISTED_MODELS);
}

function toUpstreamModel(model: ListedModel): UpstreamModel[] {
  const { name, displayName, inputTokenLimit, thinking } = model;
  const id = name.replace(/^models\//, '');
  const purpose = purposeOf(id, model.supportedGenerationMethods ?? []);
  if (purpose === null) return [];
  // Every model named Gemini that answers in text reads pictures and calls tools.
  const isGemini = purpose === 'chat' && id.startsWith('gemini-');
  const capabilities = {
    ...(isGemini && { vision: true, tools: true }),
    ...(typeof thinking === 'boolean' && { reasoning: thinking }),
  };
  return [{ id, label: displayName ?? null, purpose, context_length: inputTokenLimit ?? null, capabilities }];
}

// A model that speaks or draws answers by generateContent, too; only its name says so.
function purposeOf(id: string, methods: readonly string[]): UpstreamModel['purpose'] {
  if (methods.includes('embedContent') || methods.includes('batchEmbedContents')) return 'embedding';
  return methods.includes('generateContent') && guessPurpose(id) === 'chat' ? 'chat' : null;
}
