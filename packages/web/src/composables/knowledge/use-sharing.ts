import { ParleyError, type Sharing } from '@parley/contracts';
import { ref, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { readSharing, saveSharing } from '../../api/knowledge-bases.ts';
import { useToasts } from '../../stores/toasts.ts';
import { useErrorText } from '../use-error-text.ts';

type SharedUser = Sharing['users'][number];

/** Who may see a base, as its owner changes it. */
export function useSharing(baseId: string, onSaved: () => Promise<void>) {
  const { t } = useI18n();
  const toasts = useToasts();
  const errorText = useErrorText();
  const visibility = ref<Sharing['visibility']>('private');
  const users = ref<SharedUser[]>([]);
  const status = shallowRef<'loading' | 'ready' | 'submitted' | 'error'>('loading');
  const problem = ref('');

  function take(sharing: Sharing): void {
    visibility.value = sharing.visibility;
    users.value = sharing.users;
    status.value = 'ready';
  }

  function fail(error: unknown): void {
    const name = users.value[faultyUser(error)]?.name;
    problem.value = name === undefined ? errorText.ofThrown(error) : t('knowledge.sharing.unknown', { name });
    status.value = 'error';
  }

  /** False when that name stands in the list already. */
  function add(name: string, role: SharedUser['role']): boolean {
    const isThere = users.value.some((user) => user.name.toLowerCase() === name.toLowerCase());
    if (!isThere) users.value = [...users.value, { name, role }];
    return !isThere;
  }

  function remove(name: string): void {
    users.value = users.value.filter((user) => user.name !== name);
  }

  async function save(): Promise<void> {
    status.value = 'submitted';
    try {
      take(await saveSharing(baseId, { visibility: visibility.value, users: users.value }));
      toasts.show(t('knowledge.sharing.saved'));
      await onSaved();
    } catch (error) {
      fail(error);
    }
  }

  readSharing(baseId).then(take, fail);

  return { visibility, users, status, problem, add, remove, save };
}

/** The place in the list of the name that the server refused; -1 when it refused something else. */
function faultyUser(error: unknown): number {
  const param = error instanceof ParleyError ? error.param : null;
  return Number(/^users\.(\d+)\./.exec(param ?? '')?.[1] ?? -1);
}
