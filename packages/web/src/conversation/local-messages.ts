import type { Message } from '@parley/contracts';
import type { ShownMessage } from './message-tree.ts';

export interface LocalMessage {
  role: Message['role'];
  parentId: string | null;
  content?: string;
  model?: string | null;
  conversationId: string | null;
}

const PREFIX = 'local-';

/** Whether the server has given the message its id. */
export const isStored = (message: Message) => !message.id.startsWith(PREFIX);

/** Makes messages that the server has not named yet; the `start` event gives them their ids. */
export function localMessages(now: () => number): (local: LocalMessage) => ShownMessage {
  let count = 0;
  return ({ role, parentId, content = '', model = null, conversationId }) => {
    count += 1;
    const id = `${PREFIX}${count}`;
    const whose = { key: id, id, conversation_id: conversationId ?? '', parent_id: parentId, role };
    const status = role === 'user' ? 'complete' : 'streaming';
    const nothingYet = { reasoning: null, sources: [], usage: null, timings: null, error: null, feedback: null };
    return { ...whose, status, content, model, ...nothingYet, created_at: now() };
  };
}
