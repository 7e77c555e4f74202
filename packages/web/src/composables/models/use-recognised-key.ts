import { MODEL_PROVIDERS, providerNamed, providersOfKey } from '@parley/contracts';
import { computed, ref, watch } from 'vue';

/** Vendors whose keys a person can paste, in the order in which they are offered. */
const VENDORS = MODEL_PROVIDERS.filter(({ key, localServer }) => key === 'required' && localServer === null);

/**
 * The key that is being typed, and whose it is. Where its form tells one vendor, that one is chosen;
 * where several fit, a person says which: the key is shown to no other.
 */
export function useRecognisedKey() {
  const key = ref('');
  const chosen = ref('');
  const fitting = computed(() => (key.value.trim() === '' ? [] : providersOfKey(key.value)));
  const others = computed(() => VENDORS.filter((vendor) => !fitting.value.includes(vendor)));
  const provider = computed(() => providerNamed(chosen.value) ?? null);
  const recognised = computed(() => (fitting.value.length === 1 ? (fitting.value[0]?.label ?? null) : null));

  watch(fitting, (now, before) => {
    const ids = now.map(({ id }) => id);
    if (ids.join() === before.map(({ id }) => id).join()) return;
    if (ids.length === 1) chosen.value = ids[0] ?? '';
    else if (ids.length > 1 && !ids.includes(chosen.value)) chosen.value = '';
  });

  return { key, chosen, fitting, others, provider, recognised };
}

/** Vendors that offer a page to get a key on. */
export const keyPages = VENDORS.flatMap(({ id, label, keyPage }) => (keyPage === null ? [] : [{ id, label, keyPage }]));
