import { onScopeDispose, ref, shallowRef } from 'vue';
import { updateConnection, type ConnectionChange } from '../../api/model-admin.ts';

/**
 * Changes a connection; the server tests what it is reached by before it stores that. Whoever closes the
 * dialog meanwhile takes the change back.
 */
export function useConnectionChange(id: string, onSaved: () => void) {
  const status = ref<'ready' | 'submitted' | 'error'>('ready');
  const problem = shallowRef<unknown>(null);
  const leaving = new AbortController();

  async function save(change: ConnectionChange): Promise<void> {
    status.value = 'submitted';
    try {
      await updateConnection(id, change, leaving.signal);
      onSaved();
    } catch (error) {
      problem.value = error;
      status.value = 'error';
    }
  }

  onScopeDispose(() => leaving.abort());

  return { status, problem, save };
}
