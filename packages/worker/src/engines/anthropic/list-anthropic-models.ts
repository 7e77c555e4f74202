import { z } from 'zod';
import type { UpstreamModels } from '@parley/contracts';
import { MAX_LIST_PAGES, MAX_LISTED_MODELS, readList, type UpstreamModel } from '../online/upstream-models.ts';

const supportSchema = z.looseObject({ supported: z.boolean() }).nullish().catch(null);
const pageSchema = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string().min(1).max(256),
      display_name: z.string().nullish(),
      max_input_tokens: z.number().int().positive().nullish().catch(null),
      capabilities: z.looseObject({ image_input: supportSchema, thinking: supportSchema }).nullish().catch(null),
    }),
  ),
  has_more: z.boolean().nullish(),
  last_id: z.string().nullish(),
});
type ListedModel = z.output<typeof pageSchema>['data'][number];

/** All pages of Anthropic's list (platform.claude.com/docs/en/api/models-list); `get` reads one. */
export async function listAnthropicModels(get: (path: string) => Promise<unknown>): Promise<UpstreamModels['models']> {
  const models: UpstreamModel[] = [];
  let after = '';
  for (let page = 0; page < MAX_LIST_PAGES && models.length < MAX_LISTED_MODELS; page += 1) {
    const { data, has_more, last_id } = readList(pageSchema, await get(`/models?limit=1000${after}`));
    models.push(...data.map(toUpstreamModel));
    if (has_more !== true || !last_id) break;
    after = `&after_id=${encodeURIComponent(last_id)}`;
  }
  return models.slice(0, MAX_LISTED_MODELS);
}

function toUpstreamModel({ id, display_name, max_input_tokens, capabilities }: ListedModel): UpstreamModel {
  const { image_input: vision, thinking } = capabilities ?? {};
  return {
    id,
    label: display_name ?? null,
    purpose: 'chat',
    context_length: max_input_tokens ?? null,
    capabilities: {
      // Every Claude calls tools.
      tools: true,
      ...(vision && { vision: vision.supported }),
      ...(thinking && { reasoning: thinking.supported }),
    },
  };
}
