import { onBeforeUnmount, onMounted } from 'vue';
import { useConversations } from '../stores/conversations.ts';

const RUNNING_INTERVAL_MS = 3000;

/** Keeps the history true to what other tabs and devices do: on return to the page, and while answers are written elsewhere. */
export function useHistoryRefresh(openId: () => string | null): void {
  const conversations = useConversations();
  let timer: ReturnType<typeof setInterval> | undefined;

  // A history that could not be refreshed is only a little old; the next turn tries again.
  const refresh = () => void conversations.refresh().catch(() => undefined);
  const isOtherRunning = () =>
    conversations.conversations.some(({ id, is_running: isRunning }) => isRunning && id !== openId());
  const onVisible = () => {
    if (!document.hidden) refresh();
  };

  onMounted(() => {
    document.addEventListener('visibilitychange', onVisible);
    timer = setInterval(() => {
      if (!document.hidden && isOtherRunning()) refresh();
    }, RUNNING_INTERVAL_MS);
  });
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', onVisible);
    clearInterval(timer);
  });
}
