import { onBeforeUnmount, onMounted, ref } from 'vue';

/**
 * Does something now, and again as long as the part is on the page and the page is seen. A turn that is
 * not through is waited for; one that fails is tried again the next time, and `isFailing` until it succeeds.
 */
export function usePolling(action: () => Promise<unknown>, intervalMs: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  let running: Promise<void> | null = null;
  const isFailing = ref(false);

  async function turn(): Promise<void> {
    clearTimeout(timer);
    isFailing.value = await action().then(
      () => false,
      () => true,
    );
    running = null;
    if (!isOver && !document.hidden) timer = setTimeout(now, intervalMs);
  }
  function now(): void {
    running ??= turn();
  }
  const onVisible = () => {
    if (!document.hidden) now();
  };

  onMounted(() => {
    document.addEventListener('visibilitychange', onVisible);
    now();
  });
  onBeforeUnmount(() => {
    isOver = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
  });

  return { now, isFailing };
}
