import { onBeforeUnmount, onMounted, readonly, ref, type Ref } from 'vue';

/** Nearer to the end than this counts as being there. */
const NEAR_PX = 64;

/**
 * Follows a growing list for as long as the reader is at its end; any scroll upward lets go. What grows on
 * the empty page, where there is no list yet, is read from its top.
 */
export function useFollowBottom(
  scroller: Readonly<Ref<HTMLElement | null>>,
  content: Readonly<Ref<HTMLElement | null>>,
  isEmpty: Readonly<Ref<boolean>>,
) {
  const isFollowing = ref(true);
  let lastTop = 0;

  function onScroll(): void {
    const element = scroller.value;
    if (element === null) return;
    if (distanceToEnd(element) <= NEAR_PX) isFollowing.value = true;
    else if (element.scrollTop < lastTop - 1) isFollowing.value = false;
    lastTop = element.scrollTop;
  }

  function jump(behavior: ScrollBehavior = 'auto'): void {
    isFollowing.value = true;
    if (!isEmpty.value) scroller.value?.scrollTo({ top: scroller.value.scrollHeight, behavior });
  }

  const observer = new ResizeObserver(() => {
    if (isFollowing.value) jump();
  });

  onMounted(() => {
    scroller.value?.addEventListener('scroll', onScroll, { passive: true });
    if (content.value) observer.observe(content.value);
    if (scroller.value) observer.observe(scroller.value);
  });
  onBeforeUnmount(() => {
    scroller.value?.removeEventListener('scroll', onScroll);
    observer.disconnect();
  });

  return { isFollowing: readonly(isFollowing), jump };
}

function distanceToEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number {
  return scrollHeight - scrollTop - clientHeight;
}
