import type { Llama, LlamaContext, LlamaModel } from 'node-llama-cpp';
import { GrammarStore } from './grammar/grammar-store.ts';
import { toolFormatOf, type ToolFormat } from './grammar/tool-format.ts';
import type { LoadedModel } from './load/load-model.ts';
import { ChatTemplate, PLAIN_TEMPLATE, PLAIN_TEMPLATE_STOP } from './prompt/chat-template.ts';
import { SliceSizer } from './prompt/slice-sizer.ts';
import { BatchAligner } from './sequences/batch-aligner.ts';
import { oneSampleAtATime } from './sequences/one-sample-at-a-time.ts';
import { PromptCache, type PromptCacheOptions } from './sequences/prompt-cache.ts';
import { SequencePool } from './sequences/sequence-pool.ts';

/** Each takes memory; the last turns of a conversation are enough. */
const CHECKPOINTS = 4;

/** A loaded model that answers chats, with all that its conversations share. */
export interface ChatModel {
  llama: Llama;
  weights: LlamaModel;
  context: LlamaContext;
  /** Tokens of one conversation, prompt and answer together. */
  contextLength: number;
  pool: SequencePool;
  aligner: BatchAligner;
  slices: SliceSizer;
  cache: PromptCache;
  grammars: GrammarStore;
  template: ChatTemplate;
  toolFormat: ToolFormat;
  /** Ends that the template itself asks for. */
  stops: readonly string[];
  vocabularySize: number;
}

/** The caller closes its `cache`. */
export async function openChatModel(
  { llama, weights, contextLength, sequences }: LoadedModel,
  cacheOptions: PromptCacheOptions,
): Promise<ChatModel> {
  const aligner = new BatchAligner();
  const slices = new SliceSizer();
  const context = await weights.createContext({
    contextSize: contextLength,
    sequences,
    threads: llama.maxThreads,
    // At once, not in the next turn of the event loop: whom a batch waits for is the aligner's affair.
    batching: { itemPrioritizationStrategy: aligner.prioritize, dispatchSchedule: (dispatch) => dispatch() },
  });
  aligner.attach(context);
  oneSampleAtATime(context);
  const source = weights.fileInfo.metadata.tokenizer?.chat_template ?? null;
  const { bosString, eosString } = weights.tokens;
  const template = new ChatTemplate(
    source ?? PLAIN_TEMPLATE,
    { bos_token: bosString ?? '', eos_token: eosString ?? '' },
    (text) => String(weights.tokenize(text, true)) !== String(weights.tokenize(text, false)),
  );
  const cache = await PromptCache.open(cacheOptions);
  return {
    llama,
    weights,
    context,
    // The library rounds up; what was asked for is what holds.
    contextLength: Math.min(contextLength, context.contextSize),
    pool: new SequencePool(
      Array.from({ length: sequences }, () => context.getSequence({ checkpoints: { max: CHECKPOINTS } })),
      ({ nextTokenIndex }) => cache.losesNothing(nextTokenIndex, slices.msPerToken),
    ),
    aligner,
    slices,
    cache,
    grammars: new GrammarStore(llama, weights),
    template,
    toolFormat: toolFormatOf(template.source),
    stops: source === null ? [PLAIN_TEMPLATE_STOP] : [],
    vocabularySize: [...weights.iterateAllTokens()].length,
  };
}
