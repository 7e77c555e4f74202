import type { BaseSettings, KnowledgeBase, SplitSettings } from '@parley/contracts';
import { computed, reactive, ref } from 'vue';
import { useKnowledgeBases } from '../../stores/knowledge-bases.ts';

export const wizardSteps = ['name', 'search', 'cut'] as const;
export type WizardStep = (typeof wizardSteps)[number];

export interface WizardFields {
  name: string;
  description: string;
  embeddingModel: string | null;
  vectorStore: BaseSettings['vector_store'];
  split: SplitSettings;
}

/** What a new base is asked for, step by step. */
export function useCreateWizard() {
  const bases = useKnowledgeBases();
  const step = ref<WizardStep>('name');
  const status = ref<'ready' | 'submitted' | 'error'>('ready');
  const error = ref<unknown>(null);
  const fields = reactive<WizardFields>({
    name: '',
    description: '',
    embeddingModel: null,
    vectorStore: 'embedded',
    split: { max_tokens: 350, overlap_tokens: 0 },
  });
  const place = computed(() => wizardSteps.indexOf(step.value));
  const isLast = computed(() => place.value === wizardSteps.length - 1);
  const canGoOn = computed(() => fields.name.trim() !== '' && status.value !== 'submitted');

  function go(by: 1 | -1): void {
    step.value = wizardSteps[place.value + by] ?? step.value;
  }

  /** Makes the base; null, with `error`, when it could not be made. */
  async function create(): Promise<KnowledgeBase | null> {
    status.value = 'submitted';
    try {
      const base = await bases.create({
        name: fields.name.trim(),
        description: fields.description.trim(),
        embedding_model: fields.embeddingModel,
        settings: {
          split: { ...fields.split },
          retrieval: { dense_weight: 0.5, rerank_model: null, passages: 5 },
          prompts: { en: null, zh: null },
          vector_store: fields.embeddingModel === null ? 'embedded' : fields.vectorStore,
        },
      });
      status.value = 'ready';
      return base;
    } catch (thrown) {
      error.value = thrown;
      status.value = 'error';
      return null;
    }
  }

  return { step, place, isLast, canGoOn, fields, status, error, go, create };
}
