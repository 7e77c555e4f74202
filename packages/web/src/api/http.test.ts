import { afterEach, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { request, requestJson, SIGNED_OUT } from './http.ts';
import { readEvents } from './read-events.ts';

afterEach(() => vi.unstubAllGlobals());

function answerWith(answer: Response | Error) {
  const fetch = vi.fn<() => Promise<Response>>(() =>
    answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer),
  );
  vi.stubGlobal('fetch', fetch);
  return fetch;
}
const errorBody = (code: string) => JSON.stringify({ error: { code, message: 'Why.', type: 'x', param: null } });

it('throws the code and the sentence that the server answers', async () => {
  answerWith(new Response(errorBody('model_needs_key'), { status: 503 }));
  await expect(request('/api/chat')).rejects.toMatchObject({ code: 'model_needs_key', message: 'Why.' });
});

it('tells a server that does not answer from one that refuses', async () => {
  answerWith(new TypeError('failed'));
  await expect(request('/api/models')).rejects.toMatchObject({ code: 'server_unreachable' });
  answerWith(new Response('<html>Bad gateway</html>', { status: 502 }));
  await expect(request('/api/models')).rejects.toMatchObject({ code: 'server_unreachable' });
});

it('says so on the window when the session is over', async () => {
  const heard = vi.fn<() => void>();
  addEventListener(SIGNED_OUT, heard, { once: true });
  answerWith(new Response(errorBody('not_signed_in'), { status: 401 }));
  await expect(request('/api/models')).rejects.toMatchObject({ code: 'not_signed_in' });
  expect(heard).toHaveBeenCalledOnce();
});

it('takes fields that it does not know, and refuses an answer without those it needs', async () => {
  const schema = z.object({ name: z.string() });
  answerWith(new Response('{"name":"x","more":1}'));
  await expect(requestJson(schema, '/api/x')).resolves.toEqual({ name: 'x' });
  answerWith(new Response('{}'));
  await expect(requestJson(schema, '/api/x')).rejects.toMatchObject({ code: 'internal_error' });
});

it('reads events however the bytes are cut, and skips what it does not know', async () => {
  const wire =
    ': ping\n\nid: 1\nevent: start\ndata: {"message_id":"a","conversation_id":"c","user_message_id":"q","model":"m"}\n\n' +
    'id: 2\nevent: news\ndata: {"message_id":"a"}\n\nid: 3\ndata: {"message_id":"a","text":"你好"}\n\n';
  const bytes = new TextEncoder().encode(wire);
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  const events = [];
  for await (const { id, event } of readEvents(new Response(body))) events.push([id, event.type]);
  expect(events).toEqual([
    ['1', 'start'],
    ['3', 'text-delta'],
  ]);
});
