import { Command } from 'commander';
import { ParleyError } from '@parley/contracts';
import { ConfigError } from '@parley/service-kit/config';
import { VERSION } from '@parley/service-kit/version';
import type * as TokenCommandsModule from './commands/token.ts';
import { addEvalCommands } from './commands/eval-commands.ts';
import { addKbCommands } from './commands/kb-commands.ts';
import { addModelsCommands } from './commands/models-commands.ts';
import type { RagOptions } from './commands/rag.ts';
import { endWithReader } from './terminal/end-with-reader.ts';
import { messagesIn, type Messages } from './terminal/messages.ts';
import { CommandError, commandLanguage, createCommandContext, type CommandContext } from './command-context.ts';

/** Runs one `parley` command. Sets the exit code: 0 done, 1 failed or called wrongly. */
export async function main(args: readonly string[]): Promise<void> {
  // A system that is kept running goes on without anybody who watches.
  if (args[0] !== 'up') endWithReader();
  const say = messagesIn(commandLanguage());
  try {
    await buildProgram(say).parseAsync([...args], { from: 'user' });
  } catch (error) {
    console.error(plainWords(error, say));
    process.exitCode = 1;
  }
}

function plainWords(error: unknown, say: Messages): unknown {
  if (error instanceof ConfigError && error.lines.length > 0) return [say.settings.wrong, ...error.lines].join('\n');
  if (error instanceof ParleyError) return say.failure(error.code, error.message);
  return error instanceof CommandError || error instanceof ConfigError || isOfSystem(error) ? error.message : error;
}

/** A file that may not be read, a full disk: the system's words say it, and a stack says no more. */
function isOfSystem(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}

// Each command is loaded when it is called: `up` stays resident and should carry nothing it does not use.
function buildProgram(say: Messages): Command {
  const { help } = say;
  const titles: Readonly<Record<string, string>> = help.titles;
  const program = new Command('parley')
    .description(help.parley)
    .version(VERSION, '-V, --version', help.version)
    .helpOption('-h, --help', help.help)
    .helpCommand('help [command]', help.help)
    .configureHelp({ styleTitle: (title) => titles[title] ?? title })
    .showHelpAfterError(help.calledWrongly);
  program
    .command('up')
    .description(help.up)
    .action(async () => (await import('./commands/up.ts')).up(createCommandContext()));
  program
    .command('status')
    .description(help.status)
    .option('--json', help.json)
    .action(async (options: { json?: boolean }) =>
      (await import('./commands/status.ts')).status(createCommandContext(), options),
    );
  program
    .command('ask')
    .description(help.ask)
    .argument('<question>')
    .option('--model <name>', help.askModel)
    .option('--conversation <id>', help.askConversation)
    .option('--base <name>', help.askBase, (name: string, names: string[] | undefined) => [...(names ?? []), name])
    .option('--json', help.json)
    .action(async (question: string, options: object) =>
      (await import('./commands/ask.ts')).ask(createCommandContext(), question, options),
    );
  addRagCommand(program, help);
  addKbCommands(program, say);
  addEvalCommands(program, say);
  addModelsCommands(program, say);
  program
    .command('mcp')
    .description(help.mcp)
    .action(async () => (await import('./commands/mcp.ts')).mcp(createCommandContext()));
  addCareCommands(program, help);
  addTokenCommands(program, help);
  return program;
}

function addCareCommands(program: Command, help: Messages['help']): void {
  program
    .command('password')
    .description(help.password)
    .action(async () => (await import('./commands/password.ts')).setPassword(createCommandContext()));
  program
    .command('doctor')
    .description(help.doctor)
    .action(async () => (await import('./commands/doctor.ts')).doctor(createCommandContext()));
  program
    .command('gpu')
    .description(help.gpu)
    .argument('<kind>', help.gpuKind)
    .action(async (kind: string) => (await import('./commands/gpu.ts')).gpu(createCommandContext(), kind));
  program
    .command('config')
    .description(help.config)
    .action(async () => (await import('./commands/config.ts')).printConfig(createCommandContext()));
}

function addRagCommand(program: Command, help: Messages['help']): void {
  program
    .command('rag')
    .description(help.rag)
    .argument('<sources...>', help.ragSources)
    .requiredOption('--ask <question>', help.ragAsk)
    .option('--select <selectors>', help.ragSelect)
    .option('--split <size/overlap>', help.ragSplit)
    .option('--model <name>', help.askModel)
    .option('--embedding-model <name>', help.ragEmbeddingModel)
    .option('--store <kind>', help.ragStore)
    .option('--chroma-url <url>', help.ragChromaUrl)
    .option('--collection <name>', help.ragCollection)
    .option('--history <file>', help.ragHistory)
    .option('--allow-private', help.ragAllowPrivate)
    .option('--json', help.json)
    .action(async (sources: string[], options: RagOptions) =>
      (await import('./commands/rag.ts')).rag(createCommandContext(), sources, options),
    );
}

type TokenCommands = typeof TokenCommandsModule;

async function withTokenCommands(
  use: (commands: TokenCommands, context: CommandContext) => Promise<void>,
): Promise<void> {
  await use(await import('./commands/token.ts'), createCommandContext());
}

function addTokenCommands(program: Command, help: Messages['help']): void {
  const token = program.command('token').description(help.token);
  token
    .command('create', { isDefault: true })
    .description(help.tokenCreate)
    .option('--name <name>', help.tokenName, 'script')
    .action((options: { name: string }) =>
      withTokenCommands((commands, context) => commands.createToken(context, options.name)),
    );
  token
    .command('list')
    .description(help.tokenList)
    .action(() => withTokenCommands((commands, context) => commands.listTokens(context)));
  token
    .command('revoke')
    .description(help.tokenRevoke)
    .argument('<id>')
    .action((id: string) => withTokenCommands((commands, context) => commands.revokeToken(context, id)));
}
