import { LlamaLogLevel, getLlama, type Llama, type LlamaContextSequence, type LlamaModel } from 'node-llama-cpp';

/** llama.cpp as tests run it: never built, never downloaded, one thread (more than there are free cores stall each other). */
export async function openLlama(): Promise<Llama> {
  const logLevel = LlamaLogLevel.disabled;
  return getLlama({ build: 'never', skipDownload: true, gpu: false, maxThreads: 1, logLevel });
}

export interface CompletionOptions {
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly seed?: number;
}

export interface Completion {
  readonly text: string;
  /** Generated tokens, the end not counted. */
  readonly tokens: number;
  readonly hasEnded: boolean;
}

/** What the model says after `prompt`, whose control tokens are understood; tags stay in the text. */
export async function complete(
  sequence: LlamaContextSequence,
  prompt: string,
  { maxTokens = 4000, ...sampling }: CompletionOptions = {},
): Promise<Completion> {
  const { model } = sequence;
  const generated: ReturnType<LlamaModel['tokenize']> = [];
  const finish = (hasEnded: boolean) => {
    return { text: model.detokenize(generated, false), tokens: generated.length, hasEnded };
  };
  await sequence.clearHistory();
  for await (const token of sequence.evaluate(model.tokenize(prompt, true), { temperature: 0, ...sampling })) {
    if (model.isEogToken(token)) return finish(true);
    generated.push(token);
    if (generated.length >= maxTokens) return finish(false);
  }
  return finish(true);
}
