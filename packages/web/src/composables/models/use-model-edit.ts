import type { AdminModel, LocalSettings, Prices, UpdateModelRequest } from '@parley/contracts';
import { computed, reactive, ref, shallowRef } from 'vue';
import { updateModel } from '../../api/model-admin.ts';
import { useModelAdmin } from '../../stores/model-admin.ts';
import { useModels } from '../../stores/models.ts';

/** Bytes of the unit in which people type memory. */
const GIGABYTE = 1e9;

/** A field of a number: empty leaves the choice to the worker, or says that it is not known. */
export type NumberField = number | '' | null;
const toNumber = (field: NumberField) => (field === '' ? null : field);

/** The settings of a model as the dialog has them. */
export type ModelFields = ReturnType<typeof toFields>;

/** Changes a model's settings; what was not touched is not sent. */
export function useModelEdit(model: AdminModel, onSaved: () => void) {
  const admin = useModelAdmin();
  const models = useModels();
  const fields = reactive(toFields(model));
  const before = JSON.stringify(toRequest(fields, model));
  const status = ref<'ready' | 'submitted' | 'error'>('ready');
  const problem = shallowRef<unknown>(null);
  const isChanged = computed(() => JSON.stringify(toRequest(fields, model)) !== before);

  async function save(): Promise<void> {
    status.value = 'submitted';
    try {
      const change = changedParts(toRequest(fields, model), JSON.parse(before) as UpdateModelRequest);
      admin.take(await updateModel(model.name, change));
      // The picker shows label and capabilities; it asks again when it opens.
      void models.refresh().catch(() => undefined);
      onSaved();
    } catch (error) {
      problem.value = error;
      status.value = 'error';
    }
  }

  return { fields, status, problem, isChanged, save };
}

function toFields(model: AdminModel) {
  const { label, context_length, capabilities, prices, access, local, concurrency } = model;
  return {
    label,
    context_length: context_length as NumberField,
    capabilities: { ...capabilities },
    prices: toPriceFields(prices),
    concurrency: concurrency as NumberField,
    access: { mode: access.mode, users: [...access.users] },
    local: local && toLocalFields(local),
  };
}

function toPriceFields(prices: Prices | null): {
  currency: Prices['currency'];
  input: NumberField;
  output: NumberField;
} {
  return prices ?? { currency: 'USD', input: null, output: null };
}

function toLocalFields({ gpu_layers: layers, max_gpu_memory_bytes: memory, ...local }: LocalSettings) {
  return {
    context_length: local.context_length as NumberField,
    parallel: local.parallel as NumberField,
    threads: local.threads as NumberField,
    num_gpus: local.num_gpus as NumberField,
    layers_mode: typeof layers === 'number' ? ('number' as const) : layers,
    layers: (typeof layers === 'number' ? layers : null) as NumberField,
    gpu_memory_gb: (memory === null ? null : memory / GIGABYTE) as NumberField,
  };
}

function toRequest(fields: ModelFields, model: AdminModel): UpdateModelRequest {
  const access = { mode: fields.access.mode, users: fields.access.mode === 'chosen' ? [...fields.access.users] : [] };
  if (model.origin !== 'page') return { access };
  const [input, output] = [toNumber(fields.prices.input), toNumber(fields.prices.output)];
  const hasPrices = input !== null || output !== null;
  return {
    label: fields.label.trim() || model.label,
    capabilities: { ...fields.capabilities },
    access,
    ...(fields.local
      ? { local: toLocal(fields.local) }
      : {
          context_length: toNumber(fields.context_length),
          concurrency: toNumber(fields.concurrency),
          prices: hasPrices ? { currency: fields.prices.currency, input: input ?? 0, output: output ?? 0 } : null,
        }),
  };
}

function toLocal(fields: NonNullable<ModelFields['local']>): LocalSettings {
  const memory = toNumber(fields.gpu_memory_gb);
  return {
    context_length: toNumber(fields.context_length),
    parallel: toNumber(fields.parallel),
    threads: toNumber(fields.threads),
    num_gpus: toNumber(fields.num_gpus),
    gpu_layers: fields.layers_mode === 'number' ? (toNumber(fields.layers) ?? 'auto') : fields.layers_mode,
    max_gpu_memory_bytes: memory === null ? null : Math.round(memory * GIGABYTE),
  };
}

function changedParts(now: UpdateModelRequest, before: UpdateModelRequest): UpdateModelRequest {
  const earlier: Record<string, unknown> = before;
  return Object.fromEntries(
    Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(earlier[name])),
  );
}
