import { ParleyError, type ModelView } from '@parley/contracts';
import { answerFromKnowledgeBase, Bm25Index, passagesOf, type Chunk, type Turn } from '@parley/rag';
import { chunkDocuments, MarkdownSplitter, RecursiveSplitter, type LoadedDocument } from '@parley/rag/langchain';
import { withSystem, type RunningSystem } from '../client/running-system.ts';
import { CommandError, type CommandContext } from '../command-context.ts';
import { chooseModel } from '../rag/choose-model.ts';
import { readHistory, writeHistory } from '../rag/history-file.ts';
import { loadSource } from '../rag/load-source.ts';
import { receiveAnswer, type ReceivedAnswer } from '../rag/receive-answer.ts';
import { printSources } from '../terminal/print-sources.ts';

export interface RagOptions {
  ask: string;
  /** CSS selectors, separated by commas. */
  select?: string;
  /** Characters of a piece and of its overlap, such as `1000/200`; by headings when left out. */
  split?: string;
  model?: string;
  /** The file that keeps the conversation. */
  history?: string;
  allowPrivate?: boolean;
  json?: boolean;
}

/** What is asked of, ready to be searched. */
interface Library {
  documents: LoadedDocument[];
  chunks: Chunk[];
}

/** `parley rag`: reads pages and files, and answers from them with sources. Throws unless the answer is complete. */
export async function rag(context: CommandContext, sources: readonly string[], options: RagOptions): Promise<void> {
  const { say } = context;
  const turns = turnsOf(context, options);
  const library = await loadLibrary(context, sources, options);
  const { model, result } = await withSystem(context, async (system) => {
    const chosen = chooseModel(await system.app.listModels(), options.model);
    return { model: chosen.name, result: await answer(system, { library, model: chosen, turns }, options) };
  });
  if (options.json) console.log(JSON.stringify({ model, ...result, documents: library.documents.map(toView) }));
  else printSources(result, say);
  if (result.error) throw new CommandError(say.answerFailed(say.failure(result.error.code, result.error.message)));
  if (result.status !== 'complete') throw new CommandError(say.answerUnfinished(result.status));
  if (options.history) writeHistory(options.history, [...turns, { question: options.ask, answer: result.answer }]);
}

function turnsOf({ say }: CommandContext, { history }: RagOptions): Turn[] {
  if (history === undefined) return [];
  const turns = readHistory(history);
  if (!turns) throw new CommandError(say.rag.historyDamaged(history));
  return turns;
}

async function loadLibrary(context: CommandContext, sources: readonly string[], options: RagOptions): Promise<Library> {
  const { say } = context;
  const splitter = splitterFor(context, options);
  const select = options.select === undefined ? [] : [options.select];
  const loaded = new Map<string, LoadedDocument>();
  for (const source of sources) {
    const document = await loadSource(source, { select, allowPrivate: options.allowPrivate ?? false }).catch(explain);
    // Two addresses may lead to one page.
    loaded.set(document.metadata.source, document);
  }
  const documents = [...loaded.values()];
  const chunks = await chunkDocuments(documents, splitter);
  if (!options.json) console.error(`${say.rag.read(documents.length, chunks.length)}\n`);
  return { documents, chunks };

  function explain(error: unknown): never {
    if (!(error instanceof ParleyError) || error.code !== 'url_private') throw error;
    throw new CommandError(`${say.failure(error.code, error.message)} ${say.rag.allowPrivate}`, { cause: error });
  }
}

function splitterFor({ say }: CommandContext, { split }: RagOptions): MarkdownSplitter | RecursiveSplitter {
  if (split === undefined) return new MarkdownSplitter();
  const [, size, overlap] = /^(\d{2,6})\/(\d{1,6})$/.exec(split) ?? [];
  const [chunkSize, chunkOverlap] = [Number(size), Number(overlap)];
  if (!(chunkOverlap < chunkSize)) throw new CommandError(say.rag.wrongSplit(split));
  return new RecursiveSplitter({ chunkSize, chunkOverlap });
}

interface Question {
  library: Library;
  model: ModelView;
  turns: readonly Turn[];
}

async function answer({ complete }: RunningSystem, question: Question, options: RagOptions): Promise<ReceivedAnswer> {
  const { library, model, turns } = question;
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  const texts = new Map(library.documents.map(({ pageContent, metadata }) => [metadata.source, pageContent]));
  const events = answerFromKnowledgeBase(
    {
      model: model.name,
      question: options.ask,
      turns,
      complete,
      findPassages: passagesOf(new Bm25Index(library.chunks), (source) => texts.get(source) ?? null),
      // An engine that only quotes cannot rewrite a question.
      followUps: model.kind === 'extractive' ? 'join' : 'condense',
    },
    stopping.signal,
  );
  try {
    return await receiveAnswer(events, (text) => void (options.json || process.stdout.write(text)));
  } finally {
    process.off('SIGINT', stop);
  }
}

function toView({ pageContent, metadata }: LoadedDocument) {
  return { ...metadata, characters: pageContent.length };
}
