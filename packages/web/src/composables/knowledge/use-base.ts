import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import { useKnowledgeBases } from '../../stores/knowledge-bases.ts';

/** While a space fills, or documents are read, the figures of the base are asked for this often. */
const WORKING_INTERVAL_MS = 3000;

/** One base, kept up to date while something is being done with it. */
export function useBase(id: string) {
  const bases = useKnowledgeBases();
  const base = computed(() => bases.find(id));
  const status = shallowRef<'loading' | 'ready' | 'error'>('loading');
  const error = shallowRef<unknown>(null);
  const canEdit = computed(() => base.value !== null && base.value.role !== 'reader');
  const isOwner = computed(() => base.value?.role === 'owner');
  const isBusy = computed(
    () =>
      (base.value?.documents.running ?? 0) > 0 ||
      (base.value?.spaces.some(({ state }) => state === 'filling') ?? false),
  );

  async function refresh(): Promise<void> {
    try {
      await bases.read(id);
      status.value = 'ready';
    } catch (thrown) {
      // What is shown stays, a little old, unless there is nothing yet.
      if (base.value !== null && status.value === 'ready') return;
      error.value = thrown;
      status.value = 'error';
    }
  }

  let timer: ReturnType<typeof setInterval> | undefined;
  watch(isBusy, (busy) => {
    clearInterval(timer);
    if (busy) timer = setInterval(() => void (document.hidden ? undefined : refresh()), WORKING_INTERVAL_MS);
  });
  onScopeDispose(() => clearInterval(timer));
  void refresh();

  return { base, status, error, canEdit, isOwner, refresh };
}
