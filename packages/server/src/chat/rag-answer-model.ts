import {
  answerChat,
  answerFromKnowledgeBase,
  passagesOf,
  type AnswerEvent,
  type FindPassages,
  type GuideLibrary,
  type MemoryLimits,
} from '@parley/rag';
import type { KnowledgeSearch } from '../retrieval/knowledge-search.ts';
import type { AnswerModel, AnswerTask } from './answer-model.ts';

export interface RagAnswerModelOptions {
  guide: GuideLibrary;
  knowledge: Pick<KnowledgeSearch, 'finderFor' | 'promptsOf'>;
  memory: MemoryLimits;
}

/**
 * Answers with the chains of the rag room: from the knowledge bases of the question; else from the
 * guide, where the model has it; else as a plain chat.
 */
export class RagAnswerModel implements AnswerModel {
  readonly #options: RagAnswerModelOptions;

  constructor(options: RagAnswerModelOptions) {
    this.#options = options;
  }

  async *answer(task: AnswerTask, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
    const { question, turns, model, complete, baseIds } = task;
    const input = {
      model: model.name,
      question,
      turns,
      complete,
      memory: this.#options.memory,
      contextLength: model.context_length,
      // A model that only quotes cannot rewrite a question.
      followUps: model.kind === 'extractive' ? ('join' as const) : ('condense' as const),
    };
    const findPassages = this.#finderFor(task);
    if (findPassages !== null) {
      const prompts = await this.#options.knowledge.promptsOf(baseIds);
      yield* answerFromKnowledgeBase({ ...input, findPassages, prompts }, signal);
      return;
    }
    yield { type: 'status', waiting_for: 'prompt' };
    yield* answerChat(input, signal);
  }

  #finderFor({ baseIds, userId, model }: AnswerTask): FindPassages | null {
    const { guide, knowledge } = this.#options;
    if (baseIds.length > 0) return knowledge.finderFor({ userId, baseIds });
    return model.knowledge === null ? null : passagesOf(guide, guide.readText);
  }
}
