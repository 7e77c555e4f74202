import type { Conversation } from '@parley/contracts';

/** A heading of the history: one of the near ones, or a month (`date` is inside it). */
export type GroupLabel =
  | { kind: 'today' | 'yesterday' | 'previous-7-days' | 'previous-30-days' }
  | { kind: 'month'; date: Date };

export interface ConversationGroup {
  key: string;
  label: GroupLabel;
  conversations: Conversation[];
}

/** Conversations, newest first, under the headings of the reader's own calendar days. */
export function groupConversations(conversations: readonly Conversation[], now: Date): ConversationGroup[] {
  const groups = new Map<string, ConversationGroup>();
  for (const conversation of conversations) {
    const { key, label } = labelOf(new Date(conversation.updated_at), now);
    const group = groups.get(key) ?? { key, label, conversations: [] };
    group.conversations.push(conversation);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function labelOf(date: Date, now: Date): { key: string; label: GroupLabel } {
  const days = calendarDaysBetween(date, now);
  if (days <= 0) return near('today');
  if (days === 1) return near('yesterday');
  if (days <= 7) return near('previous-7-days');
  if (days <= 30) return near('previous-30-days');
  return { key: `${date.getFullYear()}-${date.getMonth()}`, label: { kind: 'month', date } };
}

function near(kind: Exclude<GroupLabel['kind'], 'month'>): { key: string; label: GroupLabel } {
  return { key: kind, label: { kind } };
}

function calendarDaysBetween(earlier: Date, later: Date): number {
  return dayOf(later) - dayOf(earlier);
}

/** Counted in UTC so that a day of 23 or 25 hours is still one day. */
function dayOf(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
}
