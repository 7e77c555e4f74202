import type { ModelView } from '@parley/contracts';
import { answerFromKnowledgeBase, createEmbedTexts, type Turn } from '@parley/rag';
import { openCollection, type Collection, type CollectionMeaning } from '@parley/rag/vector-stores';
import type { RunningSystem } from '../client/running-system.ts';
import { chooseModel } from './choose-model.ts';
import type { StoreChoice } from './choose-store.ts';
import { toChunks, type LoadedSource } from './loaded-source.ts';
import { openStore, type OpenedStore } from './open-store.ts';
import { receiveAnswer, type ReceivedAnswer } from './receive-answer.ts';

export interface LibraryQuestion {
  system: RunningSystem;
  library: readonly LoadedSource[];
  store: StoreChoice;
  question: string;
  turns: readonly Turn[];
  /** The first that is ready when left out. */
  model: string | undefined;
  /** Words alone are searched when left out. */
  embeddingModel: string | undefined;
  /** Told once the passages are in the store. */
  onFilled: (filled: NonNullable<Collection['filled']>) => void;
  onText: (text: string) => void;
}

export interface LibraryAnswer extends ReceivedAnswer {
  model: string;
  embedding_model: string | null;
}

/** Requests to the embedding model at the same time: enough to keep a worker busy, and to leave others room. */
const EMBEDDING_REQUESTS = 2;

/** Puts what was read into the store and lets a model answer from it. Throws `ParleyError` for what fails before the answer. */
export async function askLibrary(asked: LibraryQuestion, signal: AbortSignal): Promise<LibraryAnswer> {
  const models = await asked.system.app.listModels();
  const model = chooseModel(models, asked.model);
  const { embeddingModel: wanted } = asked;
  const embedder = wanted === undefined ? null : chooseModel(models, wanted, 'embedding').name;
  const store = await openStore(asked.store);
  try {
    const collection = await fill(asked, { store, embedder }, signal);
    const received = await receive(asked, { model, collection }, signal);
    return { ...received, model: model.name, embedding_model: embedder };
  } finally {
    await store.close();
  }
}

async function fill(
  asked: LibraryQuestion,
  { store, embedder }: { store: OpenedStore; embedder: string | null },
  signal: AbortSignal,
): Promise<Collection> {
  const { library, question, system, onFilled } = asked;
  const texts = new Map(library.map(({ source, text }) => [source, text]));
  const meaning = embedder === null ? null : toMeaning(embedder, store, { question, system });
  const { collection: name } = asked.store;
  const readText = (source: string) => texts.get(source) ?? null;
  const options = { name, chunks: library.flatMap(toChunks), readText, words: store.words, meaning };
  const collection = await openCollection(options, signal);
  if (collection.filled) onFilled(collection.filled);
  return collection;
}

function toMeaning(
  model: string,
  { vectors }: OpenedStore,
  { question, system }: Pick<LibraryQuestion, 'question' | 'system'>,
): CollectionMeaning {
  const embed = createEmbedTexts({ embed: system.embed, model, concurrency: EMBEDDING_REQUESTS });
  return { vectors, embed, model, firstQuery: question };
}

function receive(
  { system, question, turns, onText }: LibraryQuestion,
  { model, collection }: { model: ModelView; collection: Collection },
  signal: AbortSignal,
): Promise<ReceivedAnswer> {
  const { complete } = system;
  const { findPassages } = collection;
  // An engine that only quotes cannot rewrite a question.
  const followUps = model.kind === 'extractive' ? 'join' : 'condense';
  const asked = { model: model.name, contextLength: model.context_length, question, turns, complete };
  return receiveAnswer(answerFromKnowledgeBase({ ...asked, findPassages, followUps }, signal), onText);
}
