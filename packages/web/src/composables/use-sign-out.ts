import { useRouter } from 'vue-router';
import { forgetAll } from '../stores/browser-storage.ts';
import { useSession } from '../stores/session.ts';
import { useToasts } from '../stores/toasts.ts';
import { DRAFTS } from './use-draft.ts';
import { useErrorText } from './use-error-text.ts';
import { useForgetAccount } from './use-forget-account.ts';

/** Signs out and forgets what the page held of the account. */
export function useSignOut() {
  const session = useSession();
  const forgetAccount = useForgetAccount();
  const toasts = useToasts();
  const router = useRouter();
  const errorText = useErrorText();

  return async function signOut(): Promise<void> {
    try {
      await session.signOut();
      forgetAccount();
      forgetAll(DRAFTS);
      await router.push({ name: 'sign-in' });
    } catch (error) {
      toasts.show(errorText.ofThrown(error), 'error');
    }
  };
}
