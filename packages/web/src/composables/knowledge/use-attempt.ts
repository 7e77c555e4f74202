import { useToasts } from '../../stores/toasts.ts';
import { useErrorText } from '../use-error-text.ts';

/** Does what a person asked for, and says why where it failed, in the words of `toText`. Answers whether it was done. */
export function useAttempt(toText = useErrorText().ofThrown) {
  const toasts = useToasts();

  return async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      toasts.show(toText(error), 'error');
      return false;
    }
  };
}
