import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalWorker, textOf, type LocalChunk, type LocalWorker } from './testing/start-local-worker.ts';

let first: LocalWorker;
let second: LocalWorker;
beforeAll(async () => {
  const settings = { context_length: 1024, parallel: 2 };
  [first, second] = await Promise.all([startLocalWorker(settings), startLocalWorker(settings)]);
});
afterAll(() => Promise.all([first.close(), second.close()]));

/** A whole answer of the first worker: its text and the ids, seed and texts by chunk. */
async function begin(question: string, more: object) {
  const chunks = await first.chunks(question, { parley_token_ids: true, ...more });
  const ids = chunks.flatMap(({ parley }) => parley?.token_ids ?? []);
  const seed = chunks.find(({ parley }) => parley?.seed !== undefined)?.parley?.seed ?? -1;
  return { chunks, ids, seed, text: textOf(chunks) };
}

/** The text that goes with the first `count` ids: that of the chunks that came until then. */
function textUntil(chunks: readonly LocalChunk[], count: number): string {
  let seen = 0;
  return textOf(chunks.filter(({ parley }) => (seen += parley?.token_ids?.length ?? 0) <= count && parley));
}

async function goOn(
  question: string,
  token_ids: number[],
  { seed, ...others }: { seed: number; [field: string]: unknown },
) {
  return second.chunks(question, { ...others, parley_token_ids: true, parley_continue_from: { token_ids, seed } });
}

describe('an answer that another worker began', () => {
  it.each([
    ['chosen by chance', '/dice', { temperature: 1, seed: 3 }],
    ['with characters of several tokens', '/unicode', { temperature: 1 }],
    ['with a stop string that is held back', '/loop', { stop: 'delta echo a', temperature: 1 }],
    ['with penalties', '/dice', { temperature: 1, presence_penalty: 0.5, frequency_penalty: 0.2, repeat_penalty: 1.1 }],
    ['under a grammar', '/json', { temperature: 1, response_format: { type: 'json_object' } }],
  ])('goes on after every cut as if it had never stopped: %s', async (_, question, more) => {
    const { chunks, ids, seed, text } = await begin(question, more);
    for (let cut = 0; cut < ids.length; cut += 1) {
      const rest = await goOn(question, ids.slice(0, cut), { ...more, seed });
      expect(textUntil(chunks, cut) + textOf(rest)).toBe(text);
    }
  });

  it('sends the ids of the rest, names the seed again, and counts the whole answer', async () => {
    const { ids, seed } = await begin('/dice', { temperature: 1 });
    const rest = await goOn('/dice', ids.slice(0, 12), {
      temperature: 1,
      seed,
      stream_options: { include_usage: true },
    });
    expect(rest.flatMap(({ parley }) => parley?.token_ids ?? [])).toEqual(ids.slice(12));
    expect(rest.find(({ parley }) => parley)?.parley?.seed).toBe(seed);
    expect(rest.at(-1)?.usage?.completion_tokens).toBe(ids.length);
  });

  it('calls a tool that the other began to call', async () => {
    const parameters = { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] };
    const tools = [{ type: 'function', function: { name: 'get_time', parameters } }];
    const { ids, seed, chunks } = await begin('/tool', { tools });
    const cut = ids.length - 20;
    const begun = argumentsOf(chunks).slice(0, -1);
    const rest = argumentsOf(await goOn('/tool', ids.slice(0, cut), { tools, seed }));
    expect(rest.length).toBeGreaterThan(0);
    expect(begun.join('')).toContain(rest.join('').slice(0, 3));
    expect(argumentsOf(chunks).join('').endsWith(rest.join(''))).toBe(true);
  });

  it('is refused when the beginning does not fit the format', async () => {
    const body = {
      messages: [{ role: 'user', content: 'Hi' }],
      response_format: { type: 'json_object' },
      parley_continue_from: { token_ids: [72, 105], seed: 1 },
    };
    const error = { code: 'invalid_request', param: 'parley_continue_from' };
    expect(await second.post('/v1/chat/completions', body)).toMatchObject({ status: 400, body: { error } });
  });

  it('says nothing of ids and seeds to who does not ask', async () => {
    const chunks = await first.chunks('/dice');
    expect(chunks.some(({ parley }) => parley)).toBe(false);
  });
});

function argumentsOf(chunks: readonly LocalChunk[]): string[] {
  return chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []).map((call) => call.function.arguments);
}
