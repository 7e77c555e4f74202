import type { Judgement, TracedHit } from '@parley/contracts';
import { computed, shallowRef } from 'vue';
import { addJudgement, deleteJudgement, listJudgements } from '../../api/retrieval.ts';
import { useAttempt } from './use-attempt.ts';

/** What a hit can be judged on the page; feedback on answers may also give 1. */
export type Verdict = 'right' | 'wrong';
const GRADES: Record<Verdict, number> = { right: 2, wrong: 0 };

type Place = Pick<TracedHit, 'document_id' | 'start' | 'end'>;

/** The judged passages of a base: what evaluation and tuning go by. */
export function useJudgements(baseId: string) {
  const attempt = useAttempt();
  const judgements = shallowRef<Judgement[]>([]);
  const queries = computed(() => new Set(judgements.value.map(({ query }) => query)).size);

  const find = (query: string, hit: Place) =>
    judgements.value.find(
      (one) =>
        one.query === query && one.document_id === hit.document_id && one.start === hit.start && one.end === hit.end,
    );

  function verdictOf(query: string, hit: Place): Verdict | null {
    const found = find(query, hit);
    if (found === undefined) return null;
    return found.grade > 0 ? 'right' : 'wrong';
  }

  /** Judges a hit; the same verdict again takes it back. */
  async function judge(...[query, hit, verdict]: [string, TracedHit, Verdict]): Promise<void> {
    const known = find(query, hit);
    const isTakenBack = verdictOf(query, hit) === verdict;
    await attempt(async () => {
      if (known) await remove(known.id);
      if (isTakenBack) return;
      const { document_id: id, start, end } = hit;
      const made = await addJudgement(baseId, { query, document_id: id, start, end, grade: GRADES[verdict] });
      judgements.value = [made, ...judgements.value.filter((one) => one.id !== made.id)];
    });
  }

  async function remove(id: string): Promise<void> {
    await deleteJudgement(baseId, id);
    judgements.value = judgements.value.filter((one) => one.id !== id);
  }

  void attempt(async () => (judgements.value = await listJudgements(baseId)));

  return { judgements, queries, verdictOf, judge, remove: (id: string) => attempt(() => remove(id)) };
}
