import type { Evaluation } from '@parley/contracts';
import { shallowRef } from 'vue';
import { evaluate } from '../../api/retrieval.ts';
import { useAttempt } from './use-attempt.ts';

/** How good the searches of a base are on its judged queries, before and after tuning. */
export function useEvaluation(baseId: string, onTuned: () => Promise<void>) {
  const attempt = useAttempt();
  const status = shallowRef<'ready' | 'measuring' | 'tuning'>('ready');
  const before = shallowRef<Evaluation | null>(null);
  const after = shallowRef<Evaluation | null>(null);

  async function measure(): Promise<void> {
    status.value = 'measuring';
    await attempt(async () => {
      before.value = await evaluate(baseId, false);
      after.value = null;
    });
    status.value = 'ready';
  }

  /** Measured on both sides of the change, so that the figures are those of the weights named beside them. */
  async function tune(): Promise<void> {
    status.value = 'tuning';
    await attempt(async () => {
      before.value = await evaluate(baseId, false);
      after.value = null;
      await evaluate(baseId, true);
      after.value = await evaluate(baseId, false);
      await onTuned();
    });
    status.value = 'ready';
  }

  return { status, before, after, measure, tune };
}
