import type { BaseDocument, DocumentChange } from '@parley/contracts';
import { useI18n } from 'vue-i18n';
import { deleteDocument, moveDocument, setDocumentEnabled } from '../../api/base-documents.ts';
import { useToasts } from '../../stores/toasts.ts';
import { useErrorText } from '../use-error-text.ts';
import { isFailed, isWorking } from './document-groups.ts';

export const documentActions = ['cancel', 'retry', 'refresh', 'enable', 'disable', 'delete'] as const;
export type DocumentAction = (typeof documentActions)[number];

/** Requests of one wish that are on their way at a time. */
const PARALLEL = 4;

const offers: Record<DocumentAction, (document: BaseDocument) => boolean> = {
  cancel: isWorking,
  retry: isFailed,
  refresh: (document) => document.kind === 'page' && document.state === 'ready',
  enable: (document) => !document.is_enabled,
  disable: (document) => document.is_enabled && document.state === 'ready',
  delete: () => true,
};

/** Whether an action makes sense for a document as it stands. */
export const canDo = (action: DocumentAction, document: BaseDocument) => offers[action](document);

const calls: Record<DocumentAction, (id: string) => Promise<DocumentChange>> = {
  cancel: (id) => moveDocument(id, 'cancel'),
  retry: (id) => moveDocument(id, 'retry'),
  refresh: (id) => moveDocument(id, 'refresh'),
  enable: (id) => setDocumentEnabled(id, true),
  disable: (id) => setDocumentEnabled(id, false),
  delete: async (id) => {
    await deleteDocument(id);
    return { id, removed: true };
  },
};

/** Does one thing to several documents; those for which it makes no sense are left alone. */
export function useDocumentActions(apply: (changes: readonly DocumentChange[]) => void) {
  const { t, n } = useI18n();
  const toasts = useToasts();
  const errorText = useErrorText();

  return async function act(action: DocumentAction, documents: readonly BaseDocument[]): Promise<void> {
    const waiting = documents.filter((document) => canDo(action, document));
    const failures: unknown[] = [];
    async function work(): Promise<void> {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        try {
          apply([await calls[action](next.id)]);
        } catch (error) {
          failures.push(error);
        }
      }
    }
    await Promise.all(Array.from({ length: PARALLEL }, work));
    if (failures.length === 0) return;
    const reason = errorText.ofThrown(failures[0]);
    const count = failures.length;
    toasts.show(count === 1 ? reason : t('knowledge.documents.someFailed', { count: n(count), reason }), 'error');
  };
}
