import type { ChatFile } from '../composables/chat-knowledge/chat-file.ts';
import { makeBaseDocument } from './make-knowledge.ts';

const states = { working: 'parsing', settled: 'ready', failed: 'failed' } as const;

/** A file of a conversation that its server has, in a state of the group. */
export function makeChatFile(name: string, group: ChatFile['group'], part: Partial<ChatFile> = {}): ChatFile {
  const document = makeBaseDocument({ id: name, name, state: states[group], percent: group === 'working' ? 40 : 100 });
  return { key: name, name, group, percent: document.percent, error: null, upload: null, document, ...part };
}
