import type { Command } from 'commander';
import { createCommandContext } from '../command-context.ts';
import type { Messages } from '../terminal/messages.ts';
import type { EditOptions } from './edit-model.ts';
import { withLocalOptions } from './local-options.ts';
import type { ConnectOptions } from './model-connections.ts';
import type { AddFileOptions, PullOptions } from './model-files.ts';
import type { JsonOption } from './models.ts';

const runtime = () => import('./models.ts');
const connections = () => import('./model-connections.ts');
const files = () => import('./model-files.ts');

/** `parley models` and what stands under it; the commands themselves are loaded when they are called. */
export function addModelsCommands(program: Command, say: Messages): void {
  const models = program.command('models').description(say.models.help.models);
  addRuntimeCommands(models, say);
  addEditCommand(models, say);
  addConnectionCommands(models, say);
  addFileCommands(models, say);
}

function addRuntimeCommands(models: Command, { models: { help }, help: { json } }: Messages): void {
  models
    .command('list', { isDefault: true })
    .description(help.list)
    .option('--json', json)
    .action(async (options: JsonOption) => (await runtime()).listModels(createCommandContext(), options));
  models
    .command('test')
    .description(help.test)
    .argument('<name>', help.name)
    .option('--json', json)
    .action(async (name: string, options: JsonOption) =>
      (await runtime()).testModel(createCommandContext(), name, options),
    );
  for (const action of ['replace', 'release', 'load'] as const) {
    models
      .command(action)
      .description(help[action])
      .argument('<name>', help.name)
      .action(async (name: string) => (await runtime()).actOnModel(createCommandContext(), action, name));
  }
  models
    .command('log')
    .description(help.log)
    .argument('<name>', help.name)
    .action(async (name: string) => (await runtime()).printModelLog(createCommandContext(), name));
  models
    .command('access')
    .description(help.access)
    .argument('<name>', help.name)
    .argument('<who>', help.who)
    .action(async (name: string, who: string) => (await runtime()).setModelAccess(createCommandContext(), name, who));
  models
    .command('remove')
    .description(help.remove)
    .argument('<name>', help.name)
    .option('--with-file', help.withFile)
    .action(async (name: string, options: { withFile?: boolean }) =>
      (await runtime()).removeModel(createCommandContext(), name, options),
    );
}

function addConnectionCommands(models: Command, { models: { help }, help: { json } }: Messages): void {
  models
    .command('connect')
    .description(help.connect)
    .argument('<provider>', help.provider)
    .option('--base-url <url>', help.baseUrl)
    .option('--key-from <variable>', help.keyFrom)
    .option('--no-key', help.noKey)
    .option('--model <id>', help.connectModel, (id: string, ids: string[] | undefined) => [...(ids ?? []), id])
    .action(async (provider: string, options: ConnectOptions) =>
      (await connections()).connectProvider(createCommandContext(), provider, options),
    );
  models
    .command('providers')
    .description(help.providers)
    .action(async () => (await connections()).listProviders(createCommandContext()));
  models
    .command('servers')
    .description(help.servers)
    .option('--json', json)
    .action(async (options: JsonOption) => (await connections()).listServers(createCommandContext(), options));
  models
    .command('connections')
    .description(help.connections)
    .option('--json', json)
    .action(async (options: JsonOption) => (await connections()).listConnections(createCommandContext(), options));
  models
    .command('set-key')
    .description(help.setKey)
    .argument('<connection>', help.connection)
    .option('--key-from <variable>', help.keyFrom)
    .action(async (id: string, options: { keyFrom?: string }) =>
      (await connections()).setConnectionKey(createCommandContext(), id, options),
    );
  models
    .command('disconnect')
    .description(help.disconnect)
    .argument('<connection>', help.connection)
    .action(async (id: string) => (await connections()).disconnect(createCommandContext(), id));
}

function addEditCommand(models: Command, say: Messages): void {
  const { help } = say.models;
  withLocalOptions(models.command('edit'), say)
    .description(help.edit)
    .argument('<name>', help.name)
    .option('--label <label>', help.label)
    .option('--requests <count>', help.requests)
    .option('--can <abilities>', help.can)
    .option('--price <input/output>', help.price)
    .action(async (name: string, options: EditOptions) =>
      (await import('./edit-model.ts')).editModel(createCommandContext(), name, options),
    );
}

function addFileCommands(models: Command, say: Messages): void {
  const {
    models: { help },
    help: { json },
  } = say;
  models
    .command('pull')
    .description(help.pull)
    .argument('<source>', help.source)
    .option('--sha256 <digest>', help.sha256)
    .option('--no-add', help.noAdd)
    .action(async (source: string, options: PullOptions) =>
      (await files()).pullModel(createCommandContext(), source, options),
    );
  models
    .command('library')
    .description(help.library)
    .option('--json', json)
    .action(async (options: JsonOption) => (await files()).listLibrary(createCommandContext(), options));
  withLocalOptions(models.command('add'), say)
    .description(help.add)
    .argument('<file>', help.file)
    .option('--name <name>', help.addName)
    .action(async (file: string, options: AddFileOptions) =>
      (await files()).addModelFile(createCommandContext(), file, options),
    );
  models
    .command('downloads')
    .description(help.downloads)
    .option('--json', json)
    .action(async (options: JsonOption) => (await files()).listDownloads(createCommandContext(), options));
  models
    .command('cancel')
    .description(help.cancel)
    .argument('<download>', help.download)
    .action(async (id: string) => (await files()).cancelDownload(createCommandContext(), id));
}
