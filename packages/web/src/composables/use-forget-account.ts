import { useConversations } from '../stores/conversations.ts';
import { useKnowledgeBases } from '../stores/knowledge-bases.ts';
import { useModelAdmin } from '../stores/model-admin.ts';
import { useModelFiles } from '../stores/model-files.ts';
import { useModels } from '../stores/models.ts';

/** Forgets what the page holds of an account: the next one to sign in here may be another's. */
export function useForgetAccount() {
  const stores = [useConversations(), useKnowledgeBases(), useModels(), useModelAdmin(), useModelFiles()];

  return function forgetAccount(): void {
    for (const store of stores) store.clear();
  };
}
