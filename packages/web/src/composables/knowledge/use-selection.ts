import { computed, shallowRef, type Ref } from 'vue';

/** Which rows are ticked. A row that went is ticked no more. */
export function useSelection<Row extends { id: string }>(rows: Readonly<Ref<readonly Row[]>>) {
  const ids = shallowRef<ReadonlySet<string>>(new Set());
  const selected = computed(() => (ids.value.size === 0 ? [] : rows.value.filter(({ id }) => ids.value.has(id))));

  function toggle(id: string): void {
    const next = new Set(ids.value);
    if (!next.delete(id)) next.add(id);
    ids.value = next;
  }

  /** Ticks all of these, or none of them when they are ticked already. */
  function toggleAll(some: readonly Row[]): void {
    const isAll = some.every(({ id }) => ids.value.has(id));
    const next = new Set(ids.value);
    for (const { id } of some)
      if (isAll) next.delete(id);
      else next.add(id);
    ids.value = next;
  }

  function clear(): void {
    ids.value = new Set();
  }

  return { ids, selected, toggle, toggleAll, clear };
}
