import type { KnowledgeBase, UpdateBaseRequest } from '@parley/contracts';
import { ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useKnowledgeBases } from '../../stores/knowledge-bases.ts';
import { useToasts } from '../../stores/toasts.ts';
import { useAttempt } from './use-attempt.ts';

/** Saves a part of a base's settings, and says so. */
export function useBaseUpdate(base: () => KnowledgeBase) {
  const { t } = useI18n();
  const bases = useKnowledgeBases();
  const toasts = useToasts();
  const attempt = useAttempt();
  const isSaving = ref(false);

  async function save(change: UpdateBaseRequest): Promise<void> {
    isSaving.value = true;
    if (await attempt(() => bases.update(base().id, change))) toasts.show(t('knowledge.settings.saved'));
    isSaving.value = false;
  }

  return { isSaving, save };
}
