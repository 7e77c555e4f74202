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
  const lanes = Array.from({ length: sequences }, () => open(context.getSequence()));
  return {
    async work(task) {
      const { parallel, prompt, maxTokens } = task as DirectTask;
      const options = { maxTokens, temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, onTextChunk: () => {} };
      const begun = performance.now();
      const counts = await Promise.all(
        lanes.slice(0, parallel).map(async ({ completion, sequence }) => {
          const before = sequence.tokenMeter.usedOutputTokens;
          await completion.generateCompletion(prompt, options);
          return sequence.tokenMeter.usedOutputTokens - before;
        }),
      );
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
