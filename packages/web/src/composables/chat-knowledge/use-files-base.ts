import type { Conversation } from '@parley/contracts';
import { computed } from 'vue';
import { createConversation, requireFilesBase } from '../../api/conversations.ts';
import type { useOpenConversation } from '../use-open-conversation.ts';

type Opened = Pick<ReturnType<typeof useOpenConversation>, 'openId' | 'conversation' | 'visit' | 'change'>;

/** The base of the files of the open conversation. A new chat gets its conversation with its first file. */
export function useFilesBase({ openId, conversation, visit, change }: Opened, adopt: (created: Conversation) => void) {
  const id = computed(() => conversation.value?.files_base_id ?? null);
  let making: { visit: number; id: Promise<string> } | null = null;

  /** Its id; made when there is none yet, also when asked for twice at once. */
  async function require(): Promise<string> {
    if (id.value !== null) return id.value;
    const mine = making?.visit === visit.value ? making : { visit: visit.value, id: make() };
    making = mine;
    try {
      return await mine.id;
    } finally {
      if (making === mine) making = null;
    }
  }

  async function make(): Promise<string> {
    const begun = visit.value;
    // The reader may go on to another conversation meanwhile; the files belong to this one all the same.
    const isHere = () => visit.value === begun;
    let conversationId = openId.value;
    if (conversationId === null) {
      const created = await createConversation();
      conversationId = openId.value !== null && isHere() ? openId.value : created.id;
      if (isHere() && openId.value === null) adopt(created);
    }
    const base = await requireFilesBase(conversationId);
    if (isHere()) change({ files_base_id: base.id });
    return base.id;
  }

  return { id, require };
}
