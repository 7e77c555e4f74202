import { MIN_PASSWORD_LENGTH } from '@parley/contracts';
import { requireRunningClient } from '../client/running-system.ts';
import { CommandError, type CommandContext } from '../command-context.ts';
import type { Messages } from '../terminal/messages.ts';
import { readSecretLines, type SecretTerminal } from '../terminal/read-secret-lines.ts';

/** `parley password`: gives the owner a new password, without asking for the old one, and signs all browsers out. */
export async function setPassword(context: CommandContext): Promise<void> {
  const { say } = context;
  const client = requireRunningClient(context);
  await client.setPassword(await readNewPassword(say, { input: process.stdin, output: process.stderr }));
  console.log(say.password.done);
}

/** The new password: typed twice on a terminal, the first line of a pipe. Throws `CommandError` when it will not do. */
export async function readNewPassword(say: Messages, terminal: SecretTerminal): Promise<string> {
  const isTyped = terminal.input.isTTY === true;
  const questions = isTyped ? [say.password.ask, say.password.askAgain] : [say.password.ask];
  const answers = await readSecretLines(questions, terminal);
  const [password = '', repeated] = answers;
  if (answers.length < questions.length) throw new CommandError(say.password.missing);
  if (password.length < MIN_PASSWORD_LENGTH) throw new CommandError(say.password.tooShort(MIN_PASSWORD_LENGTH));
  if (isTyped && repeated !== password) throw new CommandError(say.password.different);
  return password;
}
