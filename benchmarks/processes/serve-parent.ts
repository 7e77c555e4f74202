/** What a program of a benchmark does for the runner: tells its address, its CPU time, and works when asked. */
export interface Program {
  address?: string;
  work?: (task: unknown) => Promise<unknown>;
}

export type Ask = { id: number; kind: 'cpu' } | { id: number; kind: 'work'; task: unknown };
export type Answer = { id: number; value: unknown };

/** Runs for as long as the runner holds the channel; `start` is handed the first thing that it says. */
export async function serveParent(start: (settings: never) => Promise<Program>): Promise<void> {
  process.on('disconnect', () => process.exit());
  const settings = await new Promise((resolve) => process.once('message', resolve));
  const program = await start(settings as never);
  process.on('message', (ask: Ask) => void answer(ask, program));
  say({ id: 0, value: program.address ?? null });
}

async function answer(ask: Ask, program: Program): Promise<void> {
  if (ask.kind === 'work') return say({ id: ask.id, value: await program.work?.(ask.task) });
  const { user, system } = process.cpuUsage();
  say({ id: ask.id, value: user + system });
}

function say(message: Answer): void {
  process.send?.(message);
}
