import { Option, type Command } from 'commander';
import { createCommandContext } from '../command-context.ts';
import type { Messages } from '../terminal/messages.ts';
import type { AddOptions, CreateOptions, JsonOption } from './kb.ts';

/** `parley kb` and what stands under it; the commands themselves are loaded when they are called. */
export function addKbCommands(program: Command, { kb: { help }, help: { json } }: Messages): void {
  const kb = program.command('kb').description(help.kb);
  kb.command('list')
    .description(help.list)
    .option('--json', json)
    .action(async (options: JsonOption) => (await import('./kb.ts')).listBases(createCommandContext(), options));
  kb.command('create')
    .description(help.create)
    .argument('<name>')
    .option('--description <text>', help.createDescription)
    .option('--embedding-model <name>', help.createModel)
    .addOption(new Option('--vector-store <kind>', help.createStore).choices(['embedded', 'chroma']))
    .option('--json', json)
    .action(async (name: string, options: CreateOptions) =>
      (await import('./kb.ts')).createBase(createCommandContext(), name, options),
    );
  addAddCommand(kb, { help, json });
  kb.command('verify')
    .description(help.verify)
    .argument('<base>', help.base)
    .option('--json', json)
    .action(async (base: string, options: JsonOption) =>
      (await import('./kb.ts')).verifyBase(createCommandContext(), base, options),
    );
  kb.command('rebuild')
    .description(help.rebuild)
    .argument('<base>', help.base)
    .option('--json', json)
    .action(async (base: string, options: JsonOption) =>
      (await import('./kb.ts')).rebuildBase(createCommandContext(), base, options),
    );
  kb.command('delete')
    .description(help.delete)
    .argument('<base>', help.base)
    .option('--yes', help.deleteYes)
    .action(async (base: string, options: { yes?: boolean }) =>
      (await import('./kb.ts')).deleteBase(createCommandContext(), base, options),
    );
}

function addAddCommand(kb: Command, { help, json }: { help: Messages['kb']['help']; json: string }): void {
  kb.command('add')
    .description(help.add)
    .argument('<base>', help.base)
    .argument('<sources...>', help.addSources)
    .option('--select <selectors>', help.addSelect)
    .option('--site', help.addSite)
    .option('--sitemap', help.addSitemap)
    .option('--depth <links>', help.addDepth)
    .option('--limit <pages>', help.addLimit)
    .option('--no-wait', help.addNoWait)
    .option('--json', json)
    .action(async (base: string, sources: string[], options: AddOptions) => {
      const { addToBase } = await import('./kb.ts');
      await addToBase(createCommandContext(), base, { sources, options });
    });
}
