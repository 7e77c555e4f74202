import { setTimeout as pause } from 'node:timers/promises';
import type { ChatEvent, Conversation, Message } from '@parley/contracts';
import { groundedAnswer } from './fake-grounds.ts';
import { chineseAnswer, englishAnswer, type FakeAnswer } from './fake-texts.ts';

interface Run {
  events: ChatEvent[];
  isStopped: boolean;
  wake: Set<() => void>;
}

export interface FakePlace {
  conversationId: string | null;
  parentId: string | null;
  bases: string[] | null;
}

const PIECE_MS = 25;
const DAY = 86_400_000;

/**
 * FAKE: the chats of one account, in memory. A question with the word `fail` fails half way, `early`
 * is refused, `echo` is answered with its own words, `queue` waits in a queue, `cut` loses its connection half way, `slow` is slow.
 */
export class FakeChat {
  readonly conversations: Conversation[] = [];
  readonly messages: Message[] = [];
  readonly #runs = new Map<string, Run>();
  #count = 0;

  constructor() {
    const titles = [
      'Connect Ollama',
      '怎么接入智谱 GLM',
      'A question about backups that has a rather long title',
      'Command line',
    ];
    for (let index = 0; index < 60; index += 1) {
      const time = Date.now() - Math.floor(index ** 1.7 * 0.12 * DAY);
      this.conversations.push({
        id: this.#id('c'),
        title: titles[index % 4] ?? '',
        created_at: time,
        updated_at: time,
        is_running: index === 1,
        knowledge_bases: [],
        files_base_id: null,
      });
    }
  }

  ask(query: string, { conversationId, parentId, bases }: FakePlace): Message {
    const conversation = this.conversations.find(({ id }) => id === conversationId) ?? this.create(query);
    if (bases) conversation.knowledge_bases = bases;
    const question = this.#add({ conversation_id: conversation.id, parent_id: parentId, role: 'user', content: query });
    return this.answer(question);
  }

  answer(question: Message): Message {
    const answer = this.#add({
      conversation_id: question.conversation_id,
      parent_id: question.id,
      role: 'assistant',
      content: '',
    });
    const run: Run = { events: [], isStopped: false, wake: new Set() };
    this.#runs.set(answer.id, run);
    void this.#write(answer, question, run);
    return answer;
  }

  stop(id: string): void {
    const run = this.#runs.get(id);
    if (run) run.isStopped = true;
  }

  /** The events of an answer after a number, and those to come. */
  async *follow(id: string, after: number): AsyncGenerator<{ id: number; event: ChatEvent }> {
    const run = this.#runs.get(id);
    for (let index = after; run; index += 1) {
      while (index >= run.events.length) await new Promise<void>((resolve) => run.wake.add(resolve));
      const [event] = run.events.slice(index);
      if (event === undefined) return;
      yield { id: index + 1, event };
      if (event.type === 'done') return;
    }
  }

  async #write(answer: Message, question: Message, run: Run): Promise<void> {
    const { text, sources } = this.#isGrounded(question)
      ? groundedAnswer(question.content)
      : toAnswer(question.content);
    const slowness = question.content.includes('slow') ? 8 : 1;
    const say = (event: ChatEvent) => this.#say(run, event);
    const id = { message_id: answer.id };
    say({
      type: 'start',
      ...id,
      conversation_id: answer.conversation_id,
      user_message_id: question.id,
      model: 'parley-guide',
    });
    say({ type: 'status', ...id, waiting_for: 'retrieval' });
    if (question.content.includes('queue')) {
      for (const position of [3, 2, 1]) {
        say({ type: 'status', ...id, waiting_for: 'queue', position });
        await pause(1500);
      }
    }
    await pause(400 * slowness);
    say({ type: 'sources', ...id, sources });
    say({ type: 'status', ...id, waiting_for: 'prompt' });
    await pause(300 * slowness);
    const pieces = text.match(/[\u3400-\u9fff]{1,3}|[^\u3400-\u9fff]{1,6}/g) ?? [];
    const isFailing = question.content.includes('fail');
    for (const piece of isFailing ? pieces.slice(0, 30) : pieces) {
      if (run.isStopped) break;
      say({ type: 'text-delta', ...id, text: piece });
      answer.content += piece;
      await pause(PIECE_MS * slowness);
    }
    answer.sources = sources;
    this.#end(answer, run, isFailing);
  }

  #isGrounded({ conversation_id }: Message): boolean {
    const conversation = this.conversations.find(({ id }) => id === conversation_id);
    return (conversation?.knowledge_bases.length ?? 0) > 0 || (conversation?.files_base_id ?? null) !== null;
  }

  #end(answer: Message, run: Run, isFailing: boolean): void {
    const id = { message_id: answer.id };
    if (isFailing) {
      answer.error = {
        code: 'worker_unreachable',
        message: 'The worker of parley-guide at 127.0.0.1:20002 closed the connection.',
        retryable: true,
      };
      this.#say(run, { type: 'error', ...id, error: answer.error });
    }
    const status = isFailing ? 'failed' : run.isStopped ? 'stopped' : 'complete';
    answer.status = status;
    answer.usage = { prompt_tokens: 812, completion_tokens: 143, total_tokens: 955 };
    answer.timings = { first_token_ms: 742, total_ms: 4310 };
    const { usage, timings } = answer;
    this.#say(run, { type: 'title', ...id, conversation_id: answer.conversation_id, title: 'Connecting a model' });
    this.#say(run, { type: 'done', ...id, status, finish_reason: 'stop', usage, timings });
    const conversation = this.conversations.find((one) => one.id === answer.conversation_id);
    if (conversation)
      Object.assign(conversation, { is_running: false, title: conversation.title || 'Connecting a model' });
  }

  #say(run: Run, event: ChatEvent): void {
    run.events.push(event);
    const waiting = [...run.wake];
    run.wake.clear();
    for (const wake of waiting) wake();
  }

  create(query: string): Conversation {
    const now = Date.now();
    const bases = { knowledge_bases: [], files_base_id: null };
    const times = { created_at: now, updated_at: now };
    const conversation = { id: this.#id('c'), title: query, ...times, is_running: query !== '', ...bases };
    this.conversations.unshift(conversation);
    return conversation;
  }

  #add(part: Pick<Message, 'conversation_id' | 'parent_id' | 'role' | 'content'>): Message {
    const isAnswer = part.role === 'assistant';
    const nothing = { reasoning: null, sources: [], usage: null, timings: null, error: null, feedback: null };
    const rest = { status: isAnswer ? 'streaming' : 'complete', model: isAnswer ? 'parley-guide' : null } as const;
    const message: Message = { id: this.#id('m'), ...part, ...nothing, ...rest, created_at: Date.now() };
    this.messages.push(message);
    return message;
  }

  #id(kind: string): string {
    this.#count += 1;
    return `${kind}-${String(this.#count).padStart(5, '0')}`;
  }
}

function toAnswer(question: string): FakeAnswer {
  const answer = /[\u4e00-\u9fff]/.test(question) ? chineseAnswer : englishAnswer;
  return question.startsWith('echo ') ? { ...answer, text: question.slice('echo '.length) } : answer;
}
