import { expect, it } from 'vitest';
import { groupConversations } from './group-conversations.ts';

const now = new Date(2026, 10, 22, 0, 30);
const at = (date: Date) => ({
  id: String(date.getTime()),
  title: '',
  created_at: 0,
  updated_at: date.getTime(),
  is_running: false,
  knowledge_bases: [],
  files_base_id: null,
});

it('groups by the calendar days of the reader, not by hours passed', () => {
  const groups = groupConversations(
    [
      at(new Date(2026, 10, 22, 0, 5)),
      at(new Date(2026, 10, 21, 23, 55)),
      at(new Date(2026, 10, 15, 12, 0)),
      at(new Date(2026, 10, 14, 12, 0)),
      at(new Date(2026, 9, 23, 12, 0)),
      at(new Date(2026, 9, 22, 12, 0)),
      at(new Date(2025, 9, 22, 12, 0)),
    ],
    now,
  );
  expect(groups.map(({ key, conversations }) => [key, conversations.length])).toEqual([
    ['today', 1],
    ['yesterday', 1],
    ['previous-7-days', 1],
    ['previous-30-days', 2],
    ['2026-9', 1],
    ['2025-9', 1],
  ]);
});

it('counts a conversation of the near future, from a clock that is ahead, as today', () => {
  expect(groupConversations([at(new Date(2026, 10, 22, 9))], now)[0]?.key).toBe('today');
});
