import { useToasts } from '../../stores/toasts.ts';
import { useErrorText } from '../use-error-text.ts';

/** Does what a person asked for, and says why where it failed. Answers whether it was done. */
export function useAttempt() {
  const toasts = useToasts();
  const errorText = useErrorText();

  return async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      toasts.show(errorText.ofThrown(error), 'error');
      return false;
    }
  };
}
