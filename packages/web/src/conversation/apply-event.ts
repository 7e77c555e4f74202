import type { ChatEvent } from '@parley/contracts';
import type { ShownMessage } from './message-tree.ts';

/** The answer after an event. Returns the same object when the event says nothing about its content. */
export function applyEvent(answer: ShownMessage, event: ChatEvent): ShownMessage {
  switch (event.type) {
    case 'start':
      return { ...answer, id: event.message_id, parent_id: event.user_message_id, model: event.model };
    case 'text-delta':
      return { ...answer, content: answer.content + event.text };
    case 'reasoning-delta':
      return { ...answer, reasoning: (answer.reasoning ?? '') + event.reasoning };
    case 'snapshot':
      return { ...answer, content: event.content };
    case 'sources':
      return { ...answer, sources: event.sources };
    case 'error':
      return { ...answer, error: event.error };
    case 'done':
      return { ...answer, status: event.status, usage: event.usage, timings: event.timings };
    default:
      return answer;
  }
}
