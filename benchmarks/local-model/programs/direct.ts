import { getLlama, LlamaCompletion, LlamaLogLevel, type LlamaContextSequence } from 'node-llama-cpp';
import { serveParent } from '../../processes/serve-parent.ts';

export interface DirectSettings {
  file: string;
  contextSize: number;
  sequences: number;
}

export interface DirectTask {
  /** Conversations at once. */
  parallel: number;
  /** Answers of each conversation, one after the other. */
  rounds: number;
  maxTokens: number;
  prompt: string;
}

/** node-llama-cpp as its documentation shows it: a context with sequences, a completion on each, text streamed. */
void serveParent(async ({ file, contextSize, sequences }: DirectSettings) => {
  const llama = await getLlama({
    build: 'never',
    skipDownload: true,
    gpu: false,
    maxThreads: 1,
    logLevel: LlamaLogLevel.disabled,
  });
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createContext({ contextSize, sequences, threads: 1 });
  // All at once: a sequence that is given back comes to the pool later.
  const completions = Array.from({ length: sequences }, () => open(context.getSequence()));
  return {
    async work(task) {
      const { parallel, ...lane } = task as DirectTask;
      const begun = performance.now();
      const counts = await Promise.all(completions.slice(0, parallel).map((completion) => write(completion, lane)));
      return { tokens: counts.reduce((sum, count) => sum + count, 0), ms: performance.now() - begun };
    },
  };
});

interface Lane {
  completion: LlamaCompletion;
  sequence: LlamaContextSequence;
}

function open(sequence: LlamaContextSequence): Lane {
  return { completion: new LlamaCompletion({ contextSequence: sequence }), sequence };
}

async function write(
  { completion, sequence }: Lane,
  { rounds, maxTokens, prompt }: Omit<DirectTask, 'parallel'>,
): Promise<number> {
  let tokens = 0;
  for (let round = 0; round < rounds; round += 1) {
    const options = { maxTokens, temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, onTextChunk: () => {} };
    const before = sequence.tokenMeter.usedOutputTokens;
    await completion.generateCompletion(`${prompt} ${round}`, options);
    tokens += sequence.tokenMeter.usedOutputTokens - before;
  }
  return tokens;
}
