import type { EmbedTextsOptions, StreamCompletion } from '@parley/rag';
import { CommandError, type CommandContext } from '../command-context.ts';
import { homeFolder } from '../home/home-folder.ts';
import { readLauncherFile } from '../home/launcher-file.ts';
import { loadSecret } from '../home/secrets.ts';
import { LaunchError, Launcher } from '../launcher/launcher.ts';
import { toUrl } from '../launcher/plan.ts';
import { AppClient } from './app-client.ts';
import { AppConnection } from './app-connection.ts';
import { createGatewayCompletion } from './gateway-client.ts';
import { createGatewayEmbed } from './gateway-embeddings.ts';
import { KnowledgeClient } from './knowledge-client.ts';
import { ModelAdminClient } from './model-admin-client.ts';
import { ToolClient } from './tool-client.ts';

/** The doors of a system that runs: its application server, and its ways to the models. */
export interface RunningSystem {
  app: AppClient;
  bases: KnowledgeClient;
  models: ModelAdminClient;
  tools: ToolClient;
  complete: StreamCompletion;
  embed: EmbedTextsOptions['embed'];
  /** Started for this command, and stopped after it. */
  isTemporary: boolean;
}

/** The system that runs on the home folder; null when none runs. */
function findRunning({ loaded }: CommandContext): RunningSystem | null {
  const { launcherFile, secretsFile } = homeFolder(loaded.home);
  const view = readLauncherFile(launcherFile);
  const secret = loadSecret(secretsFile);
  if (!view || !secret) return null;
  // A gateway that is being started again stands there without an address; it comes back to the same one.
  const gateway = view.processes.find(({ name }) => name === 'openai_api')?.address;
  const urls = { server: view.server_url, gateway: gateway ?? toUrl(loaded.settings.gateway) };
  return { ...toSystem(secret, urls), isTemporary: false };
}

function toSystem(secret: string, urls: { server: string; gateway: string }): Omit<RunningSystem, 'isTemporary'> {
  const connection = new AppConnection(urls.server, secret);
  return {
    app: new AppClient(connection),
    bases: new KnowledgeClient(connection),
    models: new ModelAdminClient(connection),
    tools: new ToolClient(connection),
    complete: createGatewayCompletion(urls.gateway, secret),
    embed: createGatewayEmbed(urls.gateway, secret),
  };
}

/** The running system. Throws when nothing runs. */
export function requireRunningSystem(context: CommandContext): RunningSystem {
  const system = findRunning(context);
  if (!system) throw new CommandError(context.say.notRunning);
  return system;
}

/** The running system's client. Throws when nothing runs. */
export function requireRunningClient(context: CommandContext): AppClient {
  return requireRunningSystem(context).app;
}

/** Gives `use` the running system; starts it for that long when none runs, saying so. */
export async function withSystem<Result>(
  context: CommandContext,
  use: (system: RunningSystem) => Promise<Result>,
): Promise<Result> {
  const running = findRunning(context);
  if (running) return use(running);
  const { root, loaded, say } = context;
  console.error(say.startingForCommand);
  const launcher = await Launcher.launch(root, loaded).catch((error: unknown) => {
    throw error instanceof LaunchError ? new CommandError(say.launchFault(error.fault), { cause: error }) : error;
  });
  try {
    const secret = loadSecret(launcher.home.secretsFile) ?? '';
    const urls = { server: launcher.plan.serverUrl, gateway: toUrl(loaded.settings.gateway) };
    return await use({ ...toSystem(secret, urls), isTemporary: true });
  } finally {
    await launcher.stop();
  }
}
