import { homeFolder } from '../home/home-folder.ts';
import { readLauncherFile, type ProcessView } from '../home/launcher-file.ts';
import { CommandError, type CommandContext } from '../command-context.ts';
import { residentMegabytes } from '../launcher/resident-memory.ts';
import type { Messages } from '../terminal/messages.ts';
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
    loading_percent: null,
    problem: null,
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
  const rows = processes.map((process) => toRow(process, say));
  console.log(toTable([say.statusHead, ...rows]));
  for (const { name, state, problem } of processes) {
    if (state !== 'running' && problem !== null) console.log(`\n${say.problem(name, problem)}`);
  }
  console.log(`\n${say.memoryTotal(total, processes.length)}`);
}

function toRow(process: ProcessView & { memory_mb: number }, say: Messages): string[] {
  const { name, purpose, state, loading_percent: percent, pid, memory_mb: memory, restarts, address } = process;
  return [
    name,
    purpose === null ? '' : say.purposes[purpose],
    say.stateInWords(state, percent),
    String(pid ?? '–'),
    `${Math.round(memory)} MB`,
    String(restarts),
    address ?? '',
  ];
}
