import { parentPort, workerData } from 'node:worker_threads';
import { findLeftovers } from './file/clear-leftovers.ts';
import type { IndexFile } from './file/index-file.ts';
import { deleteIndexFile, isDamage, openIndexFile } from './file/open-index-file.ts';
import { createHandlers, type Handler } from './thread-handlers.ts';
import type { ThreadAnswer, ThreadFailure, ThreadRequest, ThreadSettings } from './thread-protocol.ts';
import { VectorStore } from './vectors/vector-store.ts';
import { WordStore } from './words/word-store.ts';
import { WorkQueue, type Work } from './work-queue.ts';

// The program of the thread: the only module of this room that does something when it is imported.
const port = parentPort;
if (port) start(workerData as ThreadSettings, port);

interface Port {
  postMessage(answer: ThreadAnswer, transfer: readonly never[]): void;
  on(name: 'message', listener: (request: ThreadRequest) => void): unknown;
  close(): void;
}

function start({ file: path, wordMemoryBytes, vectorMemoryBytes, segmentPassages }: ThreadSettings, to: Port): void {
  const { file, isNew } = openIndexFile(path);
  const words = new WordStore(file, { memoryBytes: wordMemoryBytes, segmentPassages });
  const handlers = createHandlers(words, new VectorStore(file, vectorMemoryBytes));
  const queue = new WorkQueue({
    findMaintenance: () => words.maintenance.find() ?? findLeftovers(file),
    isBehind: () => words.maintenance.isBehind,
    onMaintenanceFailure: (error) => abandonDamaged(error, { path, file }),
  });
  const send = (message: ThreadAnswer) => to.postMessage(message, []);
  const fail = (id: number, error: unknown) => {
    send({ id, failure: toFailure(error) });
    abandonDamaged(error, { path, file });
  };
  to.on('message', ({ id, name, input }) => {
    if (name === 'close') queue.addWrite(close({ id, file, port: to }));
    else receive(handlers[name] as Handler, { id, input });
  });
  send({ id: 0, output: { isNew } });

  function receive(handler: Handler, { id, input }: { id: number; input: unknown }): void {
    if (handler.kind === 'query') queue.addQuery(() => answer(id, () => handler.run(input)));
    else queue.addWrite(answerWork(id, handler.run(input)));
  }

  function answer(id: number, run: () => unknown): void {
    try {
      send({ id, output: run() });
    } catch (error) {
      fail(id, error);
    }
  }

  function* answerWork(id: number, work: Work<unknown>): Work<void> {
    try {
      send({ id, output: yield* work });
    } catch (error) {
      fail(id, error);
    }
  }
}

function* close({ id, file, port: from }: { id: number; file: IndexFile; port: Port }): Work<void> {
  file.close();
  from.postMessage({ id, output: undefined }, []);
  from.close();
}

function toFailure(error: unknown): ThreadFailure {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: error instanceof RangeError ? 'range' : 'storage', message };
}

/** A file that turns out to be damaged goes, and the thread with it: the next one begins anew. */
function abandonDamaged(error: unknown, { path, file }: { path: string; file: IndexFile }): void {
  if (!isDamage(error)) return;
  try {
    file.close();
  } finally {
    deleteIndexFile(path);
    process.exit(1);
  }
}
