import { answerFromKnowledgeBase, Bm25Index, passagesOf, type AnswerEvent, type StreamCompletion } from '@parley/rag';
import { chunkDocuments, decodeText, loadHtml, RecursiveSplitter } from '@parley/rag/langchain';
import { guardedFetch } from '@parley/service-kit/guarded-fetch';

export interface Question {
  url: string;
  question: string;
  model: string;
  /** The way to the models: yields the chunks of an OpenAI chat completion. */
  complete: StreamCompletion;
}

/** Answers a question from the chosen parts of one web page; the sources come first, then the text in pieces. */
export async function* askPage({ url, ...ask }: Question, allowPrivate = false): AsyncGenerator<AnswerEvent> {
  const page = await guardedFetch(url, { mediaTypes: ['text/html'], allowPrivate });
  const html = decodeText(page.body, { charset: page.charset, isHtml: true });
  const select = ['.post-content', '.post-title', '.post-header'];
  const document = await loadHtml(html, { source: page.url, select });
  const splitter = new RecursiveSplitter({ chunkSize: 1_000, chunkOverlap: 200 });
  const index = new Bm25Index(await chunkDocuments([document], splitter));
  const findPassages = passagesOf(index, (source) => (source === page.url ? document.pageContent : null));
  yield* answerFromKnowledgeBase({ ...ask, turns: [], findPassages }, AbortSignal.timeout(60_000));
}
