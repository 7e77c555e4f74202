import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import { BaseChatModel, type BaseChatModelCallOptions } from '@langchain/core/language_models/chat_models';
import { AIMessageChunk, type BaseMessage } from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import { ParleyError, type ChatCompletionChunk, type ChatCompletionRequest } from '@parley/contracts';
import { QuietCallbacks } from './quiet-callbacks.ts';
import type { StreamCompletion } from './stream-completion.ts';
import { toChatMessages } from './to-chat-messages.ts';
import { untilAborted } from './until-aborted.ts';

export interface GatewayChatModelFields {
  /** The model's name at the gateway. */
  model: string;
  complete: StreamCompletion;
  temperature?: number | undefined;
  /** Longest answer, in the model's tokens. */
  maxTokens?: number | undefined;
}

/**
 * A LangChain chat model whose chunks come from an injected port. The port's errors reach the
 * caller as they are; a stream that ends without a finish reason is `stream_interrupted`.
 */
export class GatewayChatModel extends BaseChatModel {
  readonly #fields: GatewayChatModelFields;

  constructor(fields: GatewayChatModelFields) {
    super({ callbacks: new QuietCallbacks(), outputVersion: 'v0', verbose: false });
    this.#fields = fields;
  }

  static override lc_name(): string {
    return 'GatewayChatModel';
  }

  override _llmType(): string {
    return 'parley-gateway';
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: BaseChatModelCallOptions,
    _runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const ended = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, ended.signal]) : ended.signal;
    let hasFinished = false;
    try {
      for await (const chunk of untilAborted(this.#fields.complete(this.#request(messages, options), signal), signal)) {
        hasFinished ||= Boolean(chunk.choices[0]?.finish_reason);
        yield toGenerationChunk(chunk);
      }
    } finally {
      // Whoever leaves early leaves the port's request behind, unless it is told.
      ended.abort();
    }
    if (!hasFinished) throw new ParleyError('stream_interrupted', 'The answer broke off before it was complete.');
  }

  override async _generate(messages: BaseMessage[], options: BaseChatModelCallOptions): Promise<ChatResult> {
    let whole: ChatGenerationChunk | undefined;
    for await (const chunk of this._streamResponseChunks(messages, options))
      whole = whole ? whole.concat(chunk) : chunk;
    // A stream with a finish reason has at least the chunk that carries it.
    return { generations: whole ? [whole] : [] };
  }

  #request(messages: BaseMessage[], { stop }: BaseChatModelCallOptions): ChatCompletionRequest {
    const { model, temperature, maxTokens } = this.#fields;
    return {
      model,
      messages: toChatMessages(messages),
      stream: true,
      stream_options: { include_usage: true },
      ...(temperature === undefined ? {} : { temperature }),
      ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
      ...(stop ? { stop } : {}),
    };
  }
}

function toGenerationChunk({ choices, usage }: ChatCompletionChunk): ChatGenerationChunk {
  const text = choices[0]?.delta.content ?? '';
  const reasoning = choices[0]?.delta.reasoning_content ?? '';
  const finishReason = choices[0]?.finish_reason;
  const message = new AIMessageChunk({ content: text });
  if (reasoning !== '') message.additional_kwargs = { reasoning_content: reasoning };
  // The usage as it came stands beside LangChain's own form of it, which knows fewer fields.
  message.response_metadata = { ...(finishReason ? { finish_reason: finishReason } : {}), ...(usage ? { usage } : {}) };
  // Assigned this way because LangChain 1.4 infers the field's type as `undefined`.
  if (usage) Object.assign(message, { usage_metadata: toUsageMetadata(usage) });
  return new ChatGenerationChunk({ text, message });
}

function toUsageMetadata({
  prompt_tokens,
  completion_tokens,
  total_tokens,
}: NonNullable<ChatCompletionChunk['usage']>) {
  return { input_tokens: prompt_tokens, output_tokens: completion_tokens, total_tokens };
}
