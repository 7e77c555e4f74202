import type { AdminModel, ModelAccess } from '@parley/contracts';
import { requireRunningSystem } from '../client/running-system.ts';
import { CommandError, type CommandContext } from '../command-context.ts';
import type { Messages } from '../terminal/messages.ts';
import { toTable } from '../terminal/table.ts';

export interface JsonOption {
  json?: boolean;
}

/** `parley models list`: what is wrong with a model is told below the table. */
export async function listModels(context: CommandContext, { json }: JsonOption): Promise<void> {
  const { say } = context;
  const overview = await requireRunningSystem(context).models.overview();
  if (json) return console.log(JSON.stringify(overview));
  if (overview.models.length === 0) return console.log(say.models.none);
  console.log(toTable([say.models.listHead, ...overview.models.map((model) => toRow(model, say))]));
  for (const model of overview.models) if (model.problem !== null) console.error(say.models.problem(model));
}

function toRow({ name, kind, state, loading_percent: percent, access, process }: AdminModel, say: Messages): string[] {
  const { running = null, tokens_per_second: speed = null, memory_bytes: memory = 0 } = process ?? {};
  return [
    name,
    say.models.kinds[kind],
    percent === null ? say.models.states[state] : `${say.models.states[state]} ${Math.round(percent)} %`,
    memory > 0 ? say.models.megabytes(memory) : '–',
    running === null ? '–' : String(running),
    speed === null ? '–' : speed.toFixed(1),
    access.mode === 'chosen' ? access.users.join(', ') || '–' : say.models.access[access.mode],
  ];
}

/** `parley models test <name>`. */
export async function testModel(context: CommandContext, name: string, { json }: JsonOption): Promise<void> {
  const { say } = context;
  const tested = await requireRunningSystem(context).models.test(name);
  if (json) return console.log(JSON.stringify(tested));
  console.log(tested.answer);
  console.error(say.models.tested(name, tested.total_ms, tested.tokens_per_second));
}

/** `parley models replace|release|load <name>`. */
export async function actOnModel(
  context: CommandContext,
  action: 'replace' | 'release' | 'load',
  name: string,
): Promise<void> {
  const { say } = context;
  await requireRunningSystem(context).models.act(name, action);
  const done = { replace: say.models.replaced, release: say.models.released, load: say.models.loaded };
  console.log(done[action](name));
}

/** `parley models log <name>`. */
export async function printModelLog(context: CommandContext, name: string): Promise<void> {
  for (const line of await requireRunningSystem(context).models.log(name)) console.log(line);
}

/** `parley models access <name> <who>`: `everyone`, `owner`, or names separated by commas. */
export async function setModelAccess(context: CommandContext, name: string, who: string): Promise<void> {
  const { say } = context;
  await requireRunningSystem(context).models.change(name, { access: toAccess(who, say) });
  console.log(say.models.accessChanged(name));
}

function toAccess(who: string, say: Messages): ModelAccess {
  if (who === 'everyone' || who === 'owner') return { mode: who, users: [] };
  const users = who.split(',').flatMap((user) => user.trim() || []);
  if (users.length === 0) throw new CommandError(say.models.wrongAccess(who));
  return { mode: 'chosen', users };
}

/** `parley models remove <name>`. */
export async function removeModel(
  context: CommandContext,
  name: string,
  { withFile = false }: { withFile?: boolean },
): Promise<void> {
  await requireRunningSystem(context).models.remove(name, { withFile });
  console.log(context.say.models.removed(name));
}
