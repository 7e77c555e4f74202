import { Command } from 'commander';
import { ParleyError } from '@parley/contracts';
import { ConfigError } from '@parley/service-kit/config';
import { VERSION } from '@parley/service-kit/version';
import type * as TokenCommandsModule from './commands/token.ts';
import { CommandError, createCommandContext, type CommandContext } from './command-context.ts';

/** Runs one `parley` command. Sets the exit code: 0 done, 1 failed, 2 called wrongly. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await buildProgram().parseAsync([...args], { from: 'user' });
  } catch (error) {
    const isPlain = error instanceof CommandError || error instanceof ConfigError || error instanceof ParleyError;
    console.error(isPlain ? error.message : error);
    process.exitCode = 1;
  }
}

// Each command is loaded when it is called: `up` stays resident and should carry nothing it does not use.
function buildProgram(): Command {
  const program = new Command('parley')
    .description('A self-hosted ChatGPT that owns its serving plane')
    .version(VERSION);
  program
    .command('up')
    .description('start the whole system and keep it running')
    .action(async () => (await import('./commands/up.ts')).up(createCommandContext()));
  program
    .command('status')
    .description('show the running processes and their memory')
    .option('--json', 'print one JSON object')
    .action(async (options: { json?: boolean }) =>
      (await import('./commands/status.ts')).status(createCommandContext(), options),
    );
  program
    .command('ask')
    .description('ask a question and print the streamed answer with its sources')
    .argument('<question>')
    .option('--model <name>', 'model to ask; the first ready one by default')
    .option('--conversation <id>', 'go on with a conversation')
    .option('--json', 'print one JSON object instead')
    .action(async (question: string, options: object) =>
      (await import('./commands/ask.ts')).ask(createCommandContext(), question, options),
    );
  program
    .command('doctor')
    .description('check what a start needs')
    .action(async () => (await import('./commands/doctor.ts')).doctor(createCommandContext()));
  program
    .command('config')
    .description('print the settings in force, secrets hidden')
    .action(async () => (await import('./commands/config.ts')).printConfig(createCommandContext()));
  addTokenCommands(program);
  return program;
}

type TokenCommands = typeof TokenCommandsModule;

async function withTokenCommands(
  use: (commands: TokenCommands, context: CommandContext) => Promise<void>,
): Promise<void> {
  await use(await import('./commands/token.ts'), createCommandContext());
}

function addTokenCommands(program: Command): void {
  const token = program.command('token').description('bearer tokens for scripts on the app API');
  token
    .command('create', { isDefault: true })
    .description('make a token and print it')
    .option('--name <name>', 'what it is for', 'script')
    .action((options: { name: string }) =>
      withTokenCommands((commands, context) => commands.createToken(context, options.name)),
    );
  token
    .command('list')
    .description('list the tokens')
    .action(() => withTokenCommands((commands, context) => commands.listTokens(context)));
  token
    .command('revoke')
    .description('make a token worthless')
    .argument('<id>')
    .action((id: string) => withTokenCommands((commands, context) => commands.revokeToken(context, id)));
}
