import type { CommandContext } from '../command-context.ts';
import { requireRunningClient } from '../client/running-system.ts';
import { toTable } from '../terminal/table.ts';

/** `parley token`: makes a bearer token for the app API and prints it, once, alone on its line. */
export async function createToken(context: CommandContext, name: string): Promise<void> {
  const { token } = await requireRunningClient(context).createToken(name);
  console.log(token);
}

/** `parley token list`. */
export async function listTokens(context: CommandContext): Promise<void> {
  const { say } = context;
  const tokens = await requireRunningClient(context).listTokens();
  if (tokens.length === 0) console.log(say.noTokens);
  else {
    const rows = tokens.map(({ id, name, created_at: made, last_used_at: used }) => [
      id,
      name,
      toDate(made),
      used === null ? say.never : toDate(used),
    ]);
    console.log(toTable([say.tokenHead, ...rows]));
  }
}

/** `parley token revoke <id>`. */
export async function revokeToken(context: CommandContext, id: string): Promise<void> {
  await requireRunningClient(context).revokeToken(id);
  console.log(context.say.tokenRevoked);
}

function toDate(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
