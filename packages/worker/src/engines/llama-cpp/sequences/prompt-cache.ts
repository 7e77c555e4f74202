import { mkdir, mkdtemp, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import type { LlamaContextSequence, Token } from 'node-llama-cpp';

/** Of the room that is free where temporary files lie. */
const MOST_OF_FREE = 0.1;
/** Fewer tokens are not worth a file. */
const LEAST_GAIN = 32;
/** A save that nobody notices; what is longer holds the others up, and must be worth it. */
const UNNOTICED_MS = 10;
/** How often saving a token must fit in the time that reading it takes: on a fast GPU it may not. */
const TIMES_FASTER = 3;
/** How long a slow save counts: the disk may have been busy that once. */
const REMEMBERED_MS = 60_000;
/** How long a file stays after the last use of its conversation, which may have been deleted elsewhere. */
const LONGEST_UNUSED_MS = 3_600_000;
const LOOK_EVERY_MS = LONGEST_UNUSED_MS / 60;

/** What a sequence had read when it was given to another conversation. */
export interface CachedPrompt {
  file: string;
  tokens: readonly Token[];
  bytes: number;
  /** The last use of the conversation itself, not of a beginning that others share with it. */
  usedAt: number;
}

export interface PromptCacheOptions {
  /** `null`: a new one among the temporary files. */
  folder: string | null;
  /** Of all files together. */
  limitBytes: number;
  /** Milliseconds; tells how long a save takes, and how long a file was of no use. */
  now: () => number;
  logger: FastifyBaseLogger;
}

/**
 * Conversations that made way for others, on disk: to read one back takes milliseconds where reading
 * its text anew takes seconds (12 MB for 1,000 tokens of a model of 88 million weights: saved in 7 ms,
 * restored in 3, read anew in 1,860). So there may be more conversations than sequences. The files are
 * this process's own and leave with it, or an hour after their last use. It is a convenience: whatever
 * goes wrong with a file, the text is read anew.
 */
export class PromptCache {
  /** Null where there can be none. */
  readonly #folder: string | null;
  readonly #limit: number;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  /** When each sequence was used last. */
  readonly #used = new WeakMap<LlamaContextSequence, number>();
  /** Used longest ago first. */
  #kept: CachedPrompt[] = [];
  #count = 0;
  /** The last save that was noticed, and when that was. */
  #slowSave = { msPerToken: 0, at: -Infinity };

  private constructor(folder: string | null, limit: number, now: () => number) {
    this.#folder = folder;
    this.#limit = limit;
    this.#now = now;
    this.#timer = setInterval(() => void this.#dropUnused(), LOOK_EVERY_MS).unref();
  }

  /**
   * Takes `limitBytes` at most, and a tenth of what is free there. In a given folder it
   * has one of its own, emptied of what a crash left. Ended by `close`.
   */
  static async open({ folder, limitBytes, now, logger }: PromptCacheOptions): Promise<PromptCache> {
    try {
      const own = await emptyFolder(folder);
      const { bavail, bsize } = await statfs(own);
      return new PromptCache(own, Math.min(limitBytes, bavail * bsize * MOST_OF_FREE), now);
    } catch (error) {
      logger.warn({ err: error, folder }, 'no folder for conversations that make way; they are read anew');
      return new PromptCache(null, 0, now);
    }
  }

  /** The one that shares most with the beginning of `tokens`, if that is more than the `known` ones by enough. */
  find(tokens: readonly Token[], known: number, { needsCheckpoints }: LlamaContextSequence): CachedPrompt | null {
    let best: CachedPrompt | null = null;
    let most = known + LEAST_GAIN;
    for (const prompt of this.#kept) {
      const shared = sharedStart(prompt.tokens, tokens);
      // Where the state cannot be cut back, one that goes further is of no use.
      if (shared < most || (needsCheckpoints && shared < prompt.tokens.length)) continue;
      best = prompt;
      most = shared + 1;
    }
    return best;
  }

  /** Whether so many tokens, of which reading one takes `msPerToken`, are worth a file and have room. */
  takes(tokens: number, msPerToken: number): boolean {
    const last = this.#kept.at(-1);
    const bytes = last === undefined ? 0 : (last.bytes / last.tokens.length) * tokens;
    const hasRoom = this.#limit > 0 && bytes <= this.#limit;
    const isSlow = this.#now() - this.#slowSave.at < REMEMBERED_MS;
    const savingMs = isSlow ? this.#slowSave.msPerToken : 0;
    return tokens >= LEAST_GAIN && hasRoom && msPerToken > savingMs * TIMES_FASTER;
  }

  /** Whether a sequence that has read so many tokens may go to another conversation at no cost to speak of. */
  losesNothing(tokens: number, msPerToken: number): boolean {
    return tokens < LEAST_GAIN || this.takes(tokens, msPerToken);
  }

  /** To be called when a conversation had its answer in the sequence. */
  used(sequence: LlamaContextSequence): void {
    this.#used.set(sequence, this.#now());
  }

  /** Keeps what the sequence has read, and lets those go that are part of it or used longest ago. */
  async save(sequence: LlamaContextSequence): Promise<void> {
    const usedAt = this.#used.get(sequence) ?? this.#now();
    if (this.#folder === null || this.#isUnused(usedAt)) return;
    const tokens = sequence.contextTokens;
    const file = join(this.#folder, String(++this.#count));
    // Erases nothing, but waits for the batch that is being computed: that time is not the disk's.
    await sequence.eraseContextTokenRanges([]);
    const begun = this.#now();
    const saved = await sequence.saveStateToFile(file).catch(() => null);
    if (saved === null) return deleteFile(file);
    const ended = this.#now();
    if (ended - begun > UNNOTICED_MS) this.#slowSave = { msPerToken: (ended - begun) / tokens.length, at: ended };
    const parts = this.#kept.filter((prompt) => sharedStart(prompt.tokens, tokens) === prompt.tokens.length);
    await this.#drop(parts);
    this.#kept.push({ file, tokens, bytes: saved.fileSize, usedAt });
    while (this.#size > this.#limit) await this.#drop(this.#kept.slice(0, 1));
  }

  /** The sequence then has read what it holds, or nothing. One that goes on in it as a whole is kept there alone. */
  async restore(prompt: CachedPrompt, sequence: LlamaContextSequence, tokens: readonly Token[]): Promise<void> {
    const isWhole = sharedStart(prompt.tokens, tokens) === prompt.tokens.length;
    // It may have made way since it was found.
    const stays = !isWhole && this.#kept.includes(prompt);
    this.#kept = [...this.#kept.filter((other) => other !== prompt), ...(stays ? [prompt] : [])];
    // Cleared before: where the file cannot be read, the library takes the sequence for empty, but leaves its state.
    await sequence.clearHistory();
    const isRead = await readFileInto(sequence, prompt).catch(() => false);
    if (!stays || !isRead) await this.#drop([prompt]);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#kept = [];
    // Tried again: a save that nobody waits for any more may still write there.
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Also what would be too old before anybody looks again. */
  #isUnused(usedAt: number): boolean {
    return this.#now() - usedAt > LONGEST_UNUSED_MS - LOOK_EVERY_MS;
  }

  async #dropUnused(): Promise<void> {
    await this.#drop(this.#kept.filter(({ usedAt }) => this.#isUnused(usedAt)));
  }

  get #size(): number {
    return this.#kept.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async #drop(prompts: readonly CachedPrompt[]): Promise<void> {
    this.#kept = this.#kept.filter((prompt) => !prompts.includes(prompt));
    for (const { file } of prompts) await deleteFile(file);
  }
}

/** False for a file that is cut off, as after the disk was full: llama.cpp would end the process over it. */
async function readFileInto(sequence: LlamaContextSequence, { file, bytes }: CachedPrompt): Promise<boolean> {
  const { size } = await stat(file);
  if (size !== bytes) return false;
  // The risk is a file of another model; this one was written by this very context.
  await sequence.loadStateFromFile(file, { acceptRisk: true });
  return true;
}

/** What cannot be deleted now leaves with the folder. */
async function deleteFile(file: string): Promise<void> {
  await rm(file, { force: true }).catch(() => undefined);
}

/** One of our own in `folder`, without what a crash left there. */
async function emptyFolder(folder: string | null): Promise<string> {
  if (folder === null) return mkdtemp(join(tmpdir(), 'parley-prompts-'));
  const own = join(folder, 'prompts');
  await rm(own, { recursive: true, force: true });
  await mkdir(own, { recursive: true, mode: 0o700 });
  return own;
}

function sharedStart(one: readonly Token[], other: readonly Token[]): number {
  const length = Math.min(one.length, other.length);
  let shared = 0;
  while (shared < length && one[shared] === other[shared]) shared += 1;
  return shared;
}
