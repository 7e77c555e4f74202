import { nextTick } from 'vue';
import { useModelAdmin } from '../../stores/model-admin.ts';
import { useModels } from '../../stores/models.ts';
import { useToasts } from '../../stores/toasts.ts';

/** Says what was done with models, and reads anew what shows them. */
export function useModelNews() {
  const admin = useModelAdmin();
  const models = useModels();
  const toasts = useToasts();

  return async function tell(sentence: string): Promise<void> {
    toasts.show(sentence);
    // The page asks again every two seconds, and the picker when it opens.
    await Promise.all([admin.refresh(), models.refresh()]).catch(() => undefined);
    await nextTick();
    // With what was deleted goes the button that had the focus.
    if (document.activeElement === document.body) document.getElementById('page-content')?.focus();
  };
}
