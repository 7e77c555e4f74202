import type { LlamaContextSequence } from 'node-llama-cpp';
import { ParleyError, type Usage } from '@parley/contracts';
import type { EngineChunk } from '../../../engine.ts';
import type { ChatModel } from '../chat-model.ts';
import { keepKnownPart, readPrompt, recallPrompt, type PromptReading } from '../prompt/read-prompt.ts';
import { forgetEverything } from '../sequences/forget-everything.ts';
import type { AnswerPlan } from './answer-plan.ts';
import { AnswerWriter } from './write-answer.ts';

/** Between two reports of how far the prompt is. */
const REPORT_EVERY_MS = 250;

export interface AnswersTask {
  chat: ChatModel;
  plan: AnswerPlan;
  signal: AbortSignal;
  onToken: () => void;
}

/** All answers of a request, one after the other in one sequence, which is free again however it ends. */
export async function* writeAnswers(task: AnswersTask): AsyncGenerator<EngineChunk> {
  const { chat, plan, signal } = task;
  const sequence = await chat.pool.acquire(plan.prompt, signal);
  chat.aligner.enter();
  try {
    yield* writeIn(sequence, task);
  } catch (error) {
    if (error instanceof ParleyError) throw error;
    await chat.aligner.alone(() => forgetEverything(sequence));
    throw new ParleyError('model_failed', 'The model could not go on with this answer. Try again.', { cause: error });
  } finally {
    chat.aligner.leave();
    chat.cache.used(sequence);
    chat.pool.release(sequence);
  }
}

async function* writeIn(sequence: LlamaContextSequence, task: AnswersTask): AsyncGenerator<EngineChunk> {
  const { chat, plan, signal } = task;
  let cached: number | null = null;
  let completion = 0;
  const { slices, aligner, cache } = chat;
  const reading = { sequence, tokens: plan.prompt, slices, aligner, cache, signal };
  await recallPrompt(reading);
  for (let index = 0; index < plan.count; index += 1) {
    const known = await keepKnownPart(reading);
    cached ??= known;
    yield* readReporting(reading, plan);
    const writer = new AnswerWriter({ ...task, sequence, index });
    yield* writer.write();
    completion += writer.tokenCount;
  }
  yield { index: 0, delta: {}, finish_reason: null, usage: toUsage(plan.prompt.length, completion, cached ?? 0) };
}

async function* readReporting(reading: PromptReading, { reportsPrompt }: AnswerPlan): AsyncGenerator<EngineChunk> {
  let reported = Number.NEGATIVE_INFINITY;
  for await (const read of readPrompt(reading)) {
    const time = performance.now();
    if (!reportsPrompt || time - reported < REPORT_EVERY_MS) continue;
    reported = time;
    const percent = Math.round((read / reading.tokens.length) * 100);
    yield { index: 0, delta: {}, finish_reason: null, usage: null, extension: { prompt_percent: percent } };
  }
  if (reading.signal.aborted) throw new ParleyError('request_aborted', 'The reader left.');
}

function toUsage(prompt: number, completion: number, cached: number): Usage {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached },
  };
}
