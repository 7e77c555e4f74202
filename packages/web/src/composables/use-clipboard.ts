import { useI18n } from 'vue-i18n';
import { useToasts } from '../stores/toasts.ts';

/** Copies text, and says so when it could not. Answers whether it did. */
export function useClipboard() {
  const { t } = useI18n();
  const toasts = useToasts();

  return async function copy(text: string): Promise<boolean> {
    try {
      await writeText(text);
      return true;
    } catch {
      toasts.show(t('toast.copyFailed'), 'error');
      return false;
    }
  };
}

async function writeText(text: string): Promise<void> {
  // Only pages on https or loopback have the clipboard API; a team's box on plain http has not.
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (!isCopied) throw new Error('copy command refused');
}
