import {
  answerChat,
  answerFromKnowledgeBase,
  type AnswerEvent,
  type GuideLibrary,
  type MemoryLimits,
} from '@parley/rag';
import type { AnswerModel, AnswerTask } from './answer-model.ts';

export interface RagAnswerModelOptions {
  guide: GuideLibrary;
  memory: MemoryLimits;
}

/** Answers with the chains of the rag room: from the guide where the model has a knowledge base, else as a plain chat. */
export class RagAnswerModel implements AnswerModel {
  readonly #options: RagAnswerModelOptions;

  constructor(options: RagAnswerModelOptions) {
    this.#options = options;
  }

  async *answer(task: AnswerTask, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
    const { guide, memory } = this.#options;
    const { question, turns, model, complete } = task;
    const input = { model: model.name, question, turns, complete, memory };
    if (model.knowledge !== null) {
      yield* answerFromKnowledgeBase({ ...input, index: guide, readText: guide.readText }, signal);
      return;
    }
    yield { type: 'status', waiting_for: 'prompt' };
    yield* answerChat(input, signal);
  }
}
