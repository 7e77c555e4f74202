import { ref, shallowRef } from 'vue';
import { updateConnection, type ConnectionChange } from '../../api/model-admin.ts';

/** Changes a connection; the server tests what it is reached by before it stores that. */
export function useConnectionChange(id: string, onSaved: () => void) {
  const status = ref<'ready' | 'submitted' | 'error'>('ready');
  const problem = shallowRef<unknown>(null);

  async function save(change: ConnectionChange): Promise<void> {
    status.value = 'submitted';
    try {
      await updateConnection(id, change);
      onSaved();
    } catch (error) {
      problem.value = error;
      status.value = 'error';
    }
  }

  return { status, problem, save };
}
