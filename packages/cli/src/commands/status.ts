import { homeFolder } from '../home/home-folder.ts';
import { readLauncherFile, type ProcessView } from '../home/launcher-file.ts';
import { CommandError, type CommandContext } from '../command-context.ts';
import { residentMegabytes } from '../launcher/resident-memory.ts';
import { toTable } from '../terminal/table.ts';

/** `parley status`: every process with its state and memory. Throws when nothing runs. */
export async function status({ loaded, say }: CommandContext, options: { json?: boolean }): Promise<void> {
  const view = readLauncherFile(homeFolder(loaded.home).launcherFile);
  if (!view) throw new CommandError(say.notRunning);
  const launcher: ProcessView = {
    name: 'launcher',
    purpose: null,
    pid: view.pid,
    state: 'running',
    address: null,
    restarts: 0,
  };
  const processes = [launcher, ...view.processes].map((process) => ({
    ...process,
    memory_mb: process.pid === null ? 0 : residentMegabytes(process.pid),
  }));
  const total = Math.round(processes.reduce((sum, { memory_mb: memory }) => sum + memory, 0));
  if (options.json) {
    console.log(JSON.stringify({ server_url: view.server_url, processes, memory_mb: total }));
    return;
  }
  const rows = processes.map(({ name, purpose, state, pid, memory_mb: memory, restarts, address }) => [
    name,
    purpose === null ? '' : say.purposes[purpose],
    say.states[state],
    String(pid ?? '–'),
    `${Math.round(memory)} MB`,
    String(restarts),
    address ?? '',
  ]);
  console.log(toTable([say.statusHead, ...rows]));
  console.log(`\n${say.memoryTotal(total, processes.length)}`);
}
