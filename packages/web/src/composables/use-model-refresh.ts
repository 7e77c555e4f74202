import { onBeforeUnmount, onMounted } from 'vue';
import { useModels } from '../stores/models.ts';
import { useToasts } from '../stores/toasts.ts';
import { useErrorText } from './use-error-text.ts';

const RETRY_MS = 3000;

/**
 * Reads which models there are: when the page opens, for as long as that fails, since without them no
 * question can be sent, and on return to the page, as another tab may have added some.
 */
export function useModelRefresh(): void {
  const models = useModels();
  const toasts = useToasts();
  const errorText = useErrorText();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  async function read(onFailure: (error: unknown) => void = () => undefined): Promise<void> {
    clearTimeout(timer);
    try {
      await models.refresh();
    } catch (error) {
      onFailure(error);
      if (!isOver && !models.isLoaded) timer = setTimeout(() => void read(), RETRY_MS);
    }
  }
  const onVisible = () => {
    if (!document.hidden) void read();
  };

  onMounted(() => {
    document.addEventListener('visibilitychange', onVisible);
    void read((error) => toasts.show(errorText.ofThrown(error), 'error'));
  });
  onBeforeUnmount(() => {
    isOver = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
  });
}
