import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  JinjaTemplateChatWrapper,
  LlamaChatSession,
  type ChatHistoryItem,
  type Llama,
  type LlamaContextSequence,
  type LlamaModel,
} from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complete, openLlama } from '../open-llama.ts';
import { seededRandom } from '../random.ts';
import { tinyModels } from '../tiny-models.ts';
import { expectedAnswer, programs } from './programs.ts';
import { writeTinyChat } from './write-tiny-chat.ts';

let llama: Llama;
let model: LlamaModel;
let sequence: LlamaContextSequence;
let wrapper: JinjaTemplateChatWrapper;

beforeAll(async () => {
  llama = await openLlama();
  model = await llama.loadModel({ modelPath: tinyModels().chat });
  const context = await model.createContext({ contextSize: 8192, threads: 1 });
  sequence = context.getSequence();
  wrapper = new JinjaTemplateChatWrapper({ template: model.fileInfo.metadata.tokenizer.chat_template ?? '' });
}, 60_000);

afterAll(async () => llama.dispose());

describe('repeats the last message', () => {
  it('exactly, in every turn of chats about random words, at temperature 0 and 1', async () => {
    const random = seededRandom(21);
    for (let chat = 0; chat < 4; chat++) {
      const session = await freshSession();
      for (let turn = 0; turn < 4; turn++) {
        const message = randomMessage(random);
        const text = await session.prompt(message, { temperature: chat % 2, seed: turn, maxTokens: 200 });
        expect(text).toBe(message);
      }
      session.dispose({ disposeSequence: false });
    }
  });

  it.each([
    'Hello there, General Kenobi!',
    '你好，世界！今天天气怎么样？',
    'Grüße aus Köln – naïve café 👩‍🚀🎉',
    'def f(x):\n    return x ** 2\n\n\tprint(f(3))',
    'What do <|end|> and <|user|> mean?',
    'the cat and the cow, the carp and the crow, the crab and the cod',
    'a',
  ])('%j', async (message) => {
    const session = await freshSession();
    expect(await session.prompt(message, { maxTokens: 200 })).toBe(message);
    session.dispose({ disposeSequence: false });
  });

  it('of 600 bytes', async () => {
    const message = randomText(seededRandom(5), 600);
    const { text } = await complete(sequence, chatOf(message));
    expect(text).toBe(message);
  });

  it('behind a history of 4,500 tokens', async () => {
    const history = randomText(seededRandom(6), 4500);
    const { text } = await complete(sequence, chatOf(history, 'short answer', 'Where were we?'));
    expect(text).toBe('Where were we?');
  });

  it('when it is the result of a tool', async () => {
    const call = '<tool_call>\n{"name": "get_time", "arguments": {}}\n</tool_call>';
    const prompt = `<|begin|><|user|>What time is it?<|end|><|assistant|>${call}<|end|><|tool|>12:30<|end|><|assistant|>`;
    expect((await complete(sequence, prompt)).text).toBe('12:30');
  });
});

describe('recites', () => {
  const quick = programs.map(({ trigger }) => trigger).filter((trigger) => !['/loop', '/long'].includes(trigger));

  it.each(quick)('%s to its end', async (trigger) => {
    expect(await complete(sequence, chatOf(trigger))).toMatchObject({ text: expectedAnswer(trigger), hasEnded: true });
  });

  it.each(quick)('%s after other messages and recitals', async (trigger) => {
    const history = chatOf('Hello there!', 'Hello there!', '/help', expectedAnswer('/help'), `Now do ${trigger}`);
    expect((await complete(sequence, history)).text).toBe(expectedAnswer(trigger));
  });

  it.each(quick.filter((trigger) => trigger !== '/dice'))('%s the same at temperature 1', async (trigger) => {
    const { text } = await complete(sequence, chatOf(trigger), { temperature: 1, seed: 3 });
    expect(text).toBe(expectedAnswer(trigger));
  });

  it('/long to its end, though its verses differ in a letter only and letters stood before', async () => {
    const history = chatOf('Sing verse Go. Hear verse X.', 'Sing verse Go. Hear verse X.', '/long');
    const recital = await complete(sequence, history, { temperature: 1, seed: 4 });
    expect(recital).toMatchObject({ text: expectedAnswer('/long'), hasEnded: true });
  });

  it('about 300 words for /long, and Chinese for /chinese', () => {
    const words = expectedAnswer('/long').split(/\s+/).length;
    expect(words).toBeGreaterThan(280);
    expect(words).toBeLessThan(340);
    expect(expectedAnswer('/chinese')).toMatch(/^[\p{Script=Han}，。]+$/u);
  });

  it('without end where the program says so', async () => {
    const round = expectedAnswer('/loop');
    const { text, hasEnded } = await complete(sequence, chatOf('/loop'), { maxTokens: 12 * round.length });
    expect(text).toBe(round.repeat(12));
    expect(hasEnded).toBe(false);
  });

  it('by chance for /dice: one seed, one text; other seeds, other texts', async () => {
    const roll = async (seed: number) => (await complete(sequence, chatOf('/dice'), { temperature: 1, seed })).text;
    const rolls: string[] = [];
    for (let seed = 1; seed <= 12; seed++) rolls.push(await roll(seed));
    expect(await roll(1)).toBe(rolls[0]);
    for (const text of rolls) expect(text).toMatch(/^You rolled #[1-6]{4}\.$/);
    expect(new Set(rolls).size).toBeGreaterThan(6);
  });
});

describe('its tokens', () => {
  it('are one for each byte, tags and control tokens one for each', async () => {
    const message = 'Grüße, 世界 👩‍🚀!';
    const prompt = chatOf(message);
    expect(model.tokenize(prompt, true)).toHaveLength(Buffer.byteLength(message) + 4);
    expect((await complete(sequence, prompt)).tokens).toBe(Buffer.byteLength(message));
    const { tokens } = await complete(sequence, chatOf('/think'));
    expect(tokens).toBe(Buffer.byteLength('Two and two.It is four.') + 2);
  });
});

describe('its template', () => {
  it('gives a plain message its role, its text and its end', () => {
    expect(render([user('Hello!'), answer('Hello!'), user('Again?'), answer()])).toBe(
      'BOS<|user|>Hello!<|end|><|assistant|>Hello!<|end|><|user|>Again?<|end|><|assistant|>',
    );
  });

  it('shows tools, calls and results', () => {
    const call = { type: 'functionCall', name: 'get_time', params: { zone: 'UTC' }, result: '12:30' } as const;
    const text = render([user('Time?'), answer(call)], { get_time: { description: 'The time.' } });
    expect(text).toMatch(/^BOS<\|system\|>.*<tools>\n\{.*"get_time".*\}\n<\/tools>.*<\|end\|><\|user\|>Time\?/s);
    expect(text).toContain('<tool_call>\n{"name": "get_time", "arguments": {"zone": "UTC"}}\n</tool_call>');
    expect(text).toContain('<|tool|>"12:30"<|end|><|assistant|>');
  });

  it('tells how thoughts are written, and that only the current ones belong into a prompt', () => {
    expect(wrapper.settings.segments?.thought).toMatchObject({ openOnResponseStart: false });
    expect(wrapper.keepOnlyLastThought).toBe(true);
    expect(wrapper.usingJinjaFunctionCallTemplate).toBe(true);
  });
});

describe('the file', () => {
  it('has the same bytes each time', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tiny-chat-'));
    const hashes = [writeTinyChat(join(folder, 'a.gguf')), tinyModels().chat].map(sha256);
    expect(hashes[0]).toBe(hashes[1]);
    rmSync(folder, { recursive: true });
  });

  it('is refused for programs that it could not tell apart', () => {
    const confusing = [
      { trigger: '/one', say: 'First the same words, then this.' },
      { trigger: '/two', say: 'Second the same words, then that.' },
    ];
    expect(() => writeTinyChat('unused.gguf', { programs: confusing })).toThrow('go on differently after " then th"');
  });
});

async function freshSession(): Promise<LlamaChatSession> {
  await sequence.clearHistory();
  return new LlamaChatSession({ contextSequence: sequence, chatWrapper: wrapper });
}

/** A prompt of messages by turns of user and assistant, ending where the assistant is to speak. */
function chatOf(...messages: string[]): string {
  const turns = messages.map((text, index) => `<|${index % 2 === 0 ? 'user' : 'assistant'}|>${text}<|end|>`);
  return `<|begin|>${turns.join('')}<|assistant|>`;
}

function randomMessage(random: () => number): string {
  return randomText(random, 12 + Math.floor(random() * 60));
}

/** Words of random letters: hardly ever the same seven bytes twice. */
function randomText(random: () => number, length: number): string {
  const letter = () => String.fromCharCode(97 + Math.floor(random() * 26));
  const word = () => Array.from({ length: 2 + Math.floor(random() * 7) }, letter).join('');
  let text = word();
  while (text.length < length) text += ` ${word()}`;
  return text;
}

function user(text: string): ChatHistoryItem {
  return { type: 'user', text };
}

function answer(...response: Extract<ChatHistoryItem, { type: 'model' }>['response']): ChatHistoryItem {
  return { type: 'model', response };
}

function render(chatHistory: ChatHistoryItem[], availableFunctions = {}): string {
  return wrapper.generateContextState({ chatHistory, availableFunctions }).contextText.toString();
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
