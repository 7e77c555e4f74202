import { expect, it } from 'vitest';
import { chatEventSchema, fromChatFrame, toChatFrame, type ChatEvent } from './chat-events.ts';
import { sourceSchema } from './sources.ts';

const place = { document_id: 'd', title: 'T', heading_path: [], start: 0, end: 4, quote: 'text' };
const source = sourceSchema.parse({ index: 1, ...place, score: 1 });
const events: ChatEvent[] = [
  { type: 'start', message_id: 'a', conversation_id: 'c', user_message_id: 'q', model: 'm' },
  { type: 'status', message_id: 'a', waiting_for: 'queue', position: 2 },
  { type: 'sources', message_id: 'a', sources: [source] },
  { type: 'text-delta', message_id: 'a', text: '你好\n"quoted"' },
  { type: 'reasoning-delta', message_id: 'a', reasoning: 'hm' },
  { type: 'snapshot', message_id: 'a', content: 'whole' },
  { type: 'title', message_id: 'a', conversation_id: 'c', title: 'Greeting' },
  { type: 'error', message_id: 'a', error: { code: 'stream_interrupted', message: 'cut', retryable: true } },
  {
    type: 'done',
    message_id: 'a',
    status: 'complete',
    finish_reason: 'stop',
    usage: null,
    timings: { first_token_ms: 3, total_ms: 9 },
  },
];

it('covers every event of the union in this test', () => {
  const types = chatEventSchema.options.map((option) => option.shape.type.value);
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(types));
});

it.each(events)('brings $type to the wire and back unchanged', (event) => {
  expect(fromChatFrame(toChatFrame(event))).toEqual(event);
});

it('sends text under the default name with the seeds’ two fields, and nothing else', () => {
  expect(toChatFrame({ type: 'text-delta', message_id: 'a', text: 'hi' })).toEqual({
    event: null,
    data: '{"message_id":"a","text":"hi"}',
  });
});

it('gives no other event a text field, so that a client which reads all of them skips it', () => {
  for (const event of events.filter(({ type }) => type !== 'text-delta')) {
    expect(JSON.parse(toChatFrame(event).data)).not.toHaveProperty('text');
  }
});

it('skips what it does not know', () => {
  expect(fromChatFrame({ event: 'weather', data: '{"message_id":"a"}' })).toBeNull();
  expect(fromChatFrame({ data: 'not json' })).toBeNull();
});
