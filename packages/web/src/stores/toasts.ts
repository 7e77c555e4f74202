import { defineStore } from 'pinia';
import { ref } from 'vue';

export interface Toast {
  id: number;
  text: string;
  kind: 'info' | 'error';
}

/** Why something failed takes longer to read than that it was done. */
const SHOWN_MS = { info: 4000, error: 10_000 };

/** Short notices at the edge of the page. */
export const useToasts = defineStore('toasts', () => {
  const toasts = ref<Toast[]>([]);
  let count = 0;

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }

  function show(text: string, kind: Toast['kind'] = 'info'): void {
    count += 1;
    const id = count;
    toasts.value = [...toasts.value.slice(-2), { id, text, kind }];
    setTimeout(() => dismiss(id), SHOWN_MS[kind]);
  }

  return { toasts, show, dismiss };
});
