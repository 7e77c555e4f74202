import { CommandError, type CommandContext } from '../command-context.ts';
import { homeFolder } from '../home/home-folder.ts';
import { readLauncherFile } from '../home/launcher-file.ts';
import { loadSecret } from '../home/secrets.ts';
import { LaunchError, Launcher } from '../launcher/launcher.ts';
import { AppClient } from './app-client.ts';

/** A client of the system that runs on the home folder; null when none runs. */
export function runningClient({ loaded }: CommandContext): AppClient | null {
  const { launcherFile, secretsFile } = homeFolder(loaded.home);
  const view = readLauncherFile(launcherFile);
  const secret = loadSecret(secretsFile);
  return view && secret ? new AppClient(view.server_url, secret) : null;
}

/** The running system's client. Throws when nothing runs. */
export function requireRunningClient(context: CommandContext): AppClient {
  const client = runningClient(context);
  if (!client) throw new CommandError(context.say.notRunning);
  return client;
}

/** Gives `use` a client; starts the system for that long when none runs, saying so. */
export async function withSystem<Result>(
  context: CommandContext,
  use: (client: AppClient) => Promise<Result>,
): Promise<Result> {
  const client = runningClient(context);
  if (client) return use(client);
  const { root, loaded, say } = context;
  console.error(say.startingForQuestion);
  const launcher = await Launcher.launch(root, loaded).catch((error: unknown) => {
    throw error instanceof LaunchError ? new CommandError(say.launchFault(error.fault), { cause: error }) : error;
  });
  try {
    const secret = loadSecret(launcher.home.secretsFile) ?? '';
    return await use(new AppClient(launcher.plan.serverUrl, secret));
  } finally {
    await launcher.stop();
  }
}
