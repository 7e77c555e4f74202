import { ParleyError, type AnswerError, type ChatEvent, type ChatRequest, type Source } from '@parley/contracts';
import { CommandError, type CommandContext } from '../command-context.ts';
import { withSystem, type RunningSystem } from '../client/running-system.ts';
import { findBase } from '../kb/find-base.ts';
import { printSources } from '../terminal/print-sources.ts';

export interface AskOptions {
  model?: string;
  conversation?: string;
  /** Names or ids of the knowledge bases to answer from. */
  base?: string[];
  json?: boolean;
}

/** What `ask --json` prints, on one line. */
export interface AskResult {
  conversation_id: string;
  message_id: string;
  model: string;
  answer: string;
  status: string;
  sources: Source[];
  usage: unknown;
  timings: unknown;
  error: AnswerError | null;
}

/** `parley ask`: prints the answer as it comes, then its sources. Throws unless the answer is complete. */
export async function ask(context: CommandContext, question: string, options: AskOptions): Promise<void> {
  const { say } = context;
  const result = await withSystem(context, async (system) => {
    const bases = options.base && (await findBases(context, system, options.base));
    return receiveAnswer(system.app, toRequest(question, options, bases), options);
  });
  if (options.json) console.log(JSON.stringify(result));
  else printSources(result, say);
  if (result.status === 'complete') return;
  if (!result.error) throw new CommandError(say.answerUnfinished(result.status));
  const { code, message } = result.error;
  throw new CommandError(say.answerFailed(say.failure(code, message)));
}

async function findBases(
  { say }: CommandContext,
  { bases }: RunningSystem,
  names: readonly string[],
): Promise<string[]> {
  const found = await Promise.all(names.map((name) => findBase(bases, name, say)));
  return found.map(({ id }) => id);
}

function toRequest(question: string, { conversation, model }: AskOptions, bases: string[] | undefined): ChatRequest {
  const request = { query: question, conversation_id: conversation ?? '', model: model ?? null };
  return bases === undefined ? request : { ...request, knowledge_bases: bases };
}

async function receiveAnswer(
  client: RunningSystem['app'],
  request: ChatRequest,
  options: AskOptions,
): Promise<AskResult> {
  const result: AskResult = { ...EMPTY_RESULT };
  const leaving = new AbortController();
  const interrupt = () => {
    // Nothing can be stopped before it is announced, nor by a server that is gone.
    if (result.message_id === '') leaving.abort();
    else client.stopAnswer(result.message_id).catch(() => leaving.abort());
  };
  process.once('SIGINT', interrupt);
  try {
    for await (const event of client.chat(request, leaving.signal)) {
      record(result, event);
      if (event.type === 'text-delta' && !options.json) process.stdout.write(event.text);
    }
  } catch (error) {
    // What came of the answer is shown all the same.
    if (!(error instanceof ParleyError) || result.message_id === '') throw error;
    result.error = { code: error.code, message: error.message, retryable: error.isRetryable };
  } finally {
    process.off('SIGINT', interrupt);
  }
  return result;
}

const EMPTY_RESULT: AskResult = {
  conversation_id: '',
  message_id: '',
  model: '',
  answer: '',
  status: 'interrupted',
  sources: [],
  usage: null,
  timings: null,
  error: null,
};

function record(result: AskResult, event: ChatEvent): void {
  if (event.type === 'text-delta') result.answer += event.text;
  else if (event.type === 'sources') result.sources = event.sources;
  else if (event.type === 'error') result.error = event.error;
  else if (event.type === 'start') {
    const { conversation_id, message_id, model } = event;
    Object.assign(result, { conversation_id, message_id, model });
  } else if (event.type === 'done') {
    const { status, usage, timings } = event;
    Object.assign(result, { status, usage, timings });
  }
}
