import type { AdminModel, TriedConnection, VendorModel } from '@parley/contracts';
import { onScopeDispose, ref, shallowRef } from 'vue';
import { tryConnection, type ConnectionInput, type NewOnlineModel } from '../../api/model-admin.ts';
import { useModelAdmin } from '../../stores/model-admin.ts';

/** From a key or an address to models that can be asked: it is tried, models are chosen, all is stored. */
export function useConnectionFlow(onSaved: (models: AdminModel[]) => void) {
  const admin = useModelAdmin();
  const step = ref<'asking' | 'trying' | 'choosing' | 'saving'>('asking');
  const problem = shallowRef<unknown>(null);
  const tried = shallowRef<TriedConnection | null>(null);
  let input: ConnectionInput | null = null;
  /** How the connection is called, where it was given a name. */
  const name = ref<string | null>(null);
  let trial = new AbortController();

  async function begin(wanted: ConnectionInput): Promise<void> {
    trial.abort();
    trial = new AbortController();
    const { signal } = trial;
    input = wanted;
    name.value = wanted.name ?? null;
    problem.value = null;
    step.value = 'trying';
    try {
      const answer = await tryConnection(wanted, signal);
      if (signal.aborted) return;
      tried.value = answer;
      step.value = 'choosing';
    } catch (error) {
      if (signal.aborted) return;
      problem.value = error;
      step.value = 'asking';
    }
  }

  /** Back to the key; a trial that is still under way ends, at the server too. */
  function goBack(): void {
    trial.abort();
    problem.value = null;
    step.value = 'asking';
  }

  async function save(chosen: readonly VendorModel[]): Promise<void> {
    if (input === null || tried.value === null) return;
    problem.value = null;
    step.value = 'saving';
    try {
      const { provider, base_url } = tried.value;
      const added = await admin.connect({ ...input, provider, base_url, models: chosen.map(toNewModel) });
      step.value = 'asking';
      onSaved(added);
    } catch (error) {
      problem.value = error;
      step.value = 'choosing';
    }
  }

  onScopeDispose(() => trial.abort());

  return { step, problem, tried, name, begin, goBack, save };
}

/** A model of the vendor's list as it is added: with what the list and the presets know of it. */
export function toNewModel(model: VendorModel): NewOnlineModel {
  const { id, label, purpose, context_length, capabilities, prices } = model;
  return { upstream_model: id, label, purpose, context_length, capabilities, prices };
}
