import { startServer, type ServerConfigInput } from '@parley/server';
import { LoopWatch, type Blocks } from './loop-watch.ts';
import { readMemory, type ServerMemory } from './server-memory.ts';

export type ServerQuestion = { start: ServerConfigInput } | { ask: 'blocks' } | { ask: 'memory' };
export type ServerAnswer = { address: string } | { blocks: Blocks } | { memory: ServerMemory };

/** The application server in a process of its own, that also watches its own event loop. */
const watch = new LoopWatch();

process.on('message', (message: ServerQuestion) => void answer(message).then((said) => process.send?.(said)));
process.on('disconnect', () => process.exit());

async function answer(message: ServerQuestion): Promise<ServerAnswer> {
  if ('start' in message) {
    const { address } = await startServer(message.start);
    watch.start();
    return { address };
  }
  return message.ask === 'blocks' ? { blocks: watch.take() } : { memory: await readMemory() };
}
