import type { ChunkView, DocumentView } from '@parley/contracts';
import { ref, shallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { editText, setChunkEnabled } from '../../api/base-documents.ts';
import { useToasts } from '../../stores/toasts.ts';
import { useErrorText } from '../use-error-text.ts';
import { useAttempt } from './use-attempt.ts';

export interface PassageEditingPorts {
  view: () => DocumentView | null;
  setChunk: (chunk: ChunkView) => void;
  reload: () => Promise<void>;
}

/** Changes of a document's passages: another text in the place of one, none, or out of the search. */
export function usePassageEditing({ view, setChunk, reload }: PassageEditingPorts) {
  const { t } = useI18n();
  const toasts = useToasts();
  const errorText = useErrorText();
  const attempt = useAttempt();
  /** The passage that is being edited. */
  const editing = shallowRef<string | null>(null);
  const draft = ref('');
  const status = ref<'ready' | 'submitted' | 'error'>('ready');
  const problem = ref('');

  function begin(chunk: ChunkView): void {
    const text = view()?.text ?? '';
    draft.value = text.slice(chunk.start, chunk.end);
    editing.value = chunk.id;
    status.value = 'ready';
  }

  function cancel(): void {
    editing.value = null;
  }

  async function replace(chunk: ChunkView, text: string): Promise<void> {
    const current = view();
    if (!current?.version_id) return;
    status.value = 'submitted';
    try {
      await editText(current.id, { version_id: current.version_id, start: chunk.start, end: chunk.end, text });
      editing.value = null;
      status.value = 'ready';
      toasts.show(t(text === '' ? 'knowledge.document.passageDeleted' : 'knowledge.document.passageSaved'));
      await reload();
    } catch (error) {
      problem.value = errorText.ofThrown(error);
      status.value = 'error';
      // An editor shows it beside the draft, which stays: its text may be all that is left of the reader's work.
      if (editing.value !== null) return;
      toasts.show(problem.value, 'error');
      await reload();
    }
  }

  async function setEnabled(chunk: ChunkView, isEnabled: boolean): Promise<void> {
    await attempt(async () => {
      await setChunkEnabled(chunk.id, isEnabled);
      setChunk({ ...chunk, is_enabled: isEnabled });
    });
  }

  return { editing, draft, status, problem, begin, cancel, replace, setEnabled };
}
