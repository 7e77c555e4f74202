import { LoopWatch, type Blocks } from './loop-watch.ts';
import { readMemory, type ServerMemory } from './server-memory.ts';

/** What is asked of the server's process beside what the launcher tells it. */
export type Question = { ask: 'blocks' } | { ask: 'memory' };
export type Answer = { blocks: Blocks } | { memory: ServerMemory };

// Loaded into the server's process by `--import`, before its own program.
const watch = new LoopWatch();

process.on('message', (message: Question | { type: 'start' }) => {
  if ('type' in message) watch.start();
  else void answer(message).then((said) => process.send?.(said));
});

async function answer({ ask }: Question): Promise<Answer> {
  return ask === 'blocks' ? { blocks: watch.take() } : { memory: await readMemory() };
}
