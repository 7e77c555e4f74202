import {
  capabilitiesSchema,
  vendorModelSchema,
  type ModelProvider,
  type UpstreamModels,
  type VendorModel,
} from '@parley/contracts';

/** The vendor's list, filled up with what the preset knows of each; the recommended first. */
export function toVendorModels(listed: UpstreamModels['models'], provider: ModelProvider): VendorModel[] {
  const known = new Map(provider.models.map((model) => [model.id, model]));
  const models = listed.filter(({ id }) => isName(id)).map((model) => toVendorModel(model, known.get(model.id)));
  const rank = new Map(provider.models.map(({ id }, index) => [id, index]));
  const recommended = models
    .filter((model) => model.is_recommended)
    .toSorted((one, other) => (rank.get(one.id) ?? 0) - (rank.get(other.id) ?? 0));
  return [...recommended, ...models.filter((model) => !model.is_recommended)];
}

/** One that is empty or too long can neither be tried nor stored. */
function isName(id: string): boolean {
  return vendorModelSchema.shape.id.safeParse(id).success;
}

type ListedModel = UpstreamModels['models'][number];

/** The vendor's own figures go before those of the preset; the preset's names are the better ones. */
function toVendorModel(listed: ListedModel, known: VendorModel = unknownModel(listed)): VendorModel {
  const { id, label, purpose, context_length, capabilities } = listed;
  return {
    ...known,
    id,
    label: known.label ?? label,
    purpose: purpose ?? known.purpose,
    context_length: context_length ?? known.context_length,
    capabilities: capabilitiesSchema.parse({ ...known.capabilities, ...capabilities }),
  };
}

function unknownModel({ id }: ListedModel): VendorModel {
  const nothing = { label: null, context_length: null, prices: null, is_recommended: false };
  return { ...nothing, id, purpose: 'chat', capabilities: capabilitiesSchema.parse({}) };
}
