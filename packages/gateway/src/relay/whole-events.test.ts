import { expect, it } from 'vitest';
import { WholeEvents } from './whole-events.ts';

const push = (events: WholeEvents, text: string) => events.push(Buffer.from(text))?.toString() ?? null;

it('passes whole events on at once', () => {
  expect(push(new WholeEvents(), 'data: 1\n\ndata: 2\n\n')).toBe('data: 1\n\ndata: 2\n\n');
});

it('holds the start of an event back until its end has come', () => {
  const events = new WholeEvents();
  expect(push(events, 'data: 1\n\ndata: 2')).toBe('data: 1\n\n');
  expect(push(events, '3\n')).toBeNull();
  expect(events.rest()?.toString()).toBe('data: 23\n');
  expect(push(events, '\n')).toBe('data: 23\n\n');
  expect(events.rest()).toBeNull();
});

it('knows blank lines with carriage returns', () => {
  const events = new WholeEvents();
  expect(push(events, 'data: 1\r\n\r')).toBeNull();
  expect(push(events, '\ndata: 2\r\n')).toBe('data: 1\r\n\r\n');
});

it('does not hold back more than an event can reasonably have', () => {
  const events = new WholeEvents();
  expect(push(events, 'x'.repeat(1_000_000))).toBeNull();
  expect(push(events, 'x'.repeat(100_000))).toHaveLength(1_100_000);
});
