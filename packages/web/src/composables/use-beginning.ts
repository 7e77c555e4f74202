import { MAX_TITLE_LENGTH, type Conversation } from '@parley/contracts';
import { useRouter } from 'vue-router';
import { useConversations } from '../stores/conversations.ts';
import type { useBaseChoice } from './chat-knowledge/use-base-choice.ts';
import type { Question } from './use-asking.ts';
import type { useOpenConversation } from './use-open-conversation.ts';

type Opened = Pick<ReturnType<typeof useOpenConversation>, 'openId' | 'adopt' | 'change'>;
type Bases = Pick<ReturnType<typeof useBaseChoice>, 'moveTo' | 'wereStored'>;

/** What the page does when the server begins an answer, or makes the conversation of a new chat. */
export function useBeginning({ openId, adopt: open, change }: Opened, bases: Bases) {
  const router = useRouter();
  const conversations = useConversations();

  /** An answer has begun; `asked` when it answers a question of this page. */
  function begin(id: string, asked: Question | null): void {
    const now = Date.now();
    const isRunning = { is_running: true, updated_at: now };
    if (openId.value === null) {
      const nothing = { knowledge_bases: [], files_base_id: null };
      adopt({ id, title: toTitle(asked?.text ?? ''), created_at: now, ...isRunning, ...nothing });
    } else {
      // A conversation that was made for its files has no name yet.
      const isNamed = asked === null || conversations.conversations.find((one) => one.id === id)?.title !== '';
      conversations.upsert({ id, ...isRunning, ...(isNamed ? {} : { title: toTitle(asked.text) }) });
    }
    if (!asked?.bases) return;
    change({ knowledge_bases: asked.bases });
    bases.wereStored(asked.bases);
  }

  /** What was typed and chosen for the new chat stays with it. */
  function adopt(created: Conversation): void {
    bases.moveTo(created.id);
    open(created);
    conversations.upsert(created);
    void router.replace({ name: 'conversation', params: { id: created.id } });
  }

  return { begin, adopt };
}

/** What the history calls a new conversation until the server has named it. */
function toTitle(question: string): string {
  return question.trim().replaceAll(/\s+/g, ' ').slice(0, MAX_TITLE_LENGTH);
}
