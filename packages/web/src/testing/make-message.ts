import type { Source } from '@parley/contracts';
import type { ShownMessage } from '../conversation/message-tree.ts';

/** A stored answer for tests; what a test is about is named, the rest is plain. */
export function makeMessage(part: Partial<ShownMessage> & { id: string }): ShownMessage {
  return {
    key: part.id,
    conversation_id: 'c1',
    parent_id: null,
    role: 'assistant',
    status: 'complete',
    content: '',
    reasoning: null,
    model: 'guide',
    sources: [],
    usage: null,
    timings: null,
    error: null,
    feedback: null,
    created_at: 0,
    ...part,
  };
}

/** A source whose passage is `quote`, standing at `start` of its document. */
export function makeSource(index: number, quote: string, start = 0): Source {
  const place = { start, end: start + quote.length, quote };
  return {
    index,
    document_id: `d${index}`,
    title: `Page ${index}`,
    heading_path: ['Page', 'Part'],
    version_id: null,
    base_id: null,
    page: null,
    hash: null,
    flags: [],
    ...place,
    score: 1,
  };
}
