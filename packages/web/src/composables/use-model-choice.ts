import { computed, shallowRef, type Ref } from 'vue';
import { useModels } from '../stores/models.ts';
import { usePreferences } from '../stores/preferences.ts';

/**
 * The model that the next question goes to: the one picked here; else the conversation's last; else
 * the one picked last anywhere; else the first that is ready, the guide only when there is no other.
 */
export function useModelChoice(lastModel: Readonly<Ref<string | null>>) {
  const models = useModels();
  const preferences = usePreferences();
  const picked = shallowRef<string | null>(null);

  const selected = computed(() => {
    const preferred = models.find(preferences.model);
    const candidates = [
      models.find(picked.value),
      models.find(lastModel.value),
      preferred?.state === 'ready' ? preferred : null,
      models.ready.find(({ kind }) => kind !== 'extractive'),
    ];
    return candidates.find((model) => model) ?? models.ready[0] ?? models.models[0] ?? null;
  });

  function pick(name: string): void {
    picked.value = name;
    preferences.model = name;
  }

  function forget(): void {
    picked.value = null;
  }

  /** Which models there are is not known yet: a moment after the page opens. */
  const isLoading = computed(() => !models.isLoaded);

  return { selected, isLoading, pick, forget };
}
