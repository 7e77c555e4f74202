import { useRouter } from 'vue-router';
import { forgetAll } from '../stores/browser-storage.ts';
import { useConversations } from '../stores/conversations.ts';
import { useKnowledgeBases } from '../stores/knowledge-bases.ts';
import { useModelAdmin } from '../stores/model-admin.ts';
import { useModelFiles } from '../stores/model-files.ts';
import { useSession } from '../stores/session.ts';
import { useToasts } from '../stores/toasts.ts';
import { DRAFTS } from './use-draft.ts';
import { useErrorText } from './use-error-text.ts';

/** Signs out and forgets what the page held of the account. */
export function useSignOut() {
  const session = useSession();
  const conversations = useConversations();
  const bases = useKnowledgeBases();
  const modelAdmin = useModelAdmin();
  const modelFiles = useModelFiles();
  const toasts = useToasts();
  const router = useRouter();
  const errorText = useErrorText();

  return async function signOut(): Promise<void> {
    try {
      await session.signOut();
      conversations.clear();
      bases.clear();
      modelAdmin.clear();
      modelFiles.clear();
      forgetAll(DRAFTS);
      await router.push({ name: 'sign-in' });
    } catch (error) {
      toasts.show(errorText.ofThrown(error), 'error');
    }
  };
}
