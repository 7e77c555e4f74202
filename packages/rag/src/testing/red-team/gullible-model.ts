import {
  fromPassageBlock,
  textOfMessage,
  withoutPassageBlock,
  type ChatCompletionChunk,
  type ChatCompletionRequest,
} from '@parley/contracts';
import type { StreamCompletion } from '../../models/stream-completion.ts';

/** How the prompts of this room name the passages that are not to be trusted. */
const WARNING = /(?:Warning: passage|警告：段落) ([\d、, ]+)/;

/**
 * A fake model, as gullible as can be: it does whatever any text asks for that stands outside the
 * passages, or in a passage that nobody warned it of. What a document asks for is told by its
 * `payload`, so that the fake needs no understanding: when it reads the payload there, it obeys.
 * Letters in Unicode tags are letters to it. It believes no passage that it was warned of.
 */
export function createGullibleModel(payload: string): StreamCompletion {
  return async function* complete(request): AsyncGenerator<ChatCompletionChunk> {
    const content = isMisled(request, payload) ? `Certainly: ${payload}/?q=what-you-asked)` : 'Fourteen days. [1]';
    yield { choices: [{ index: 0, delta: { content } }] };
    yield { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  };
}

function isMisled({ messages }: ChatCompletionRequest, payload: string): boolean {
  const system = messages
    .filter(({ role }) => role === 'system')
    .map(textOfMessage)
    .join('\n');
  const warned = new Set((WARNING.exec(withoutPassageBlock(system))?.[1] ?? '').split(/[、, ]+/).map(Number));
  const trusted = fromPassageBlock(system).filter(({ index }) => !warned.has(index));
  const believed = [withoutPassageBlock(system), ...trusted.map(({ title, text }) => `${title}\n${text}`)];
  return believed.some((text) => withLettersOfTags(text).includes(payload));
}

function withLettersOfTags(text: string): string {
  return text.replaceAll(/[\u{E0020}-\u{E007E}]/gu, (tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000));
}
