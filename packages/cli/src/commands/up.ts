import { VERSION } from '@parley/service-kit/version';
import type { CommandContext } from '../command-context.ts';
import { CommandError } from '../command-context.ts';
import { LaunchError, Launcher } from '../launcher/launcher.ts';
import { collectWhenIdle } from '../launcher/collect-when-idle.ts';
import type { ProcessEvent } from '../launcher/managed-process.ts';
import type { Plan } from '../launcher/plan.ts';
import { keysOffered } from '../terminal/keys-offered.ts';
import { createLogPrinter } from '../terminal/log-printer.ts';
import type { Messages } from '../terminal/messages.ts';

/** `parley up`: starts everything, prints each process with its time, runs until it is told to stop. */
export async function up({ root, loaded, say }: CommandContext): Promise<void> {
  const begun = performance.now();
  // First of all: whoever reads that it starts may already want it to stop.
  const stopRequest = watchForStop();
  console.log(say.starting(VERSION));
  const launching = Launcher.launch(root, loaded, {
    onEvent: createReporter(say),
    onLogLine: await createLogPrinter(),
  });
  const launched = launching.catch((error: unknown) => {
    throw error instanceof LaunchError ? new CommandError(say.launchFault(error.fault), { cause: error }) : error;
  });
  const launcher = await Promise.race([launched, stopRequest.first]);
  if (!launcher) {
    // Nothing has been asked yet: the children end by themselves when they see this process gone.
    console.log(say.stopped);
    process.exit(0);
  }
  for (const { name, percent } of launcher.loadingModels) printRow(name, '–', say.stillLoading(percent));
  printMissingKeys(launcher.plan.waitingForKey, loaded.settings.models.length === 0, say);
  console.log(`\n${say.ready(performance.now() - begun, launcher.plan.serverUrl)}\n${say.stopHint}`);
  collectWhenIdle();
  await stopRequest.first;
  console.log(say.stopping);
  await Promise.race([launcher.stop(), stopRequest.second.then(() => launcher.stop(0))]);
  console.log(say.stopped);
  process.exit(0);
}

// Those that nobody asked for are named in one sentence.
function printMissingKeys(waiting: Plan['waitingForKey'], isWellKnown: boolean, say: Messages): void {
  const offer = keysOffered(waiting, say);
  if (isWellKnown && offer !== null) console.log(`\n${offer}`);
  else for (const { name, variable } of waiting) printRow(name, '–', say.needsKey(variable));
}

function createReporter(say: Messages): (event: ProcessEvent) => void {
  return (event) => {
    const { name, restarts, address } = event.view;
    if (event.type === 'process-loading') return;
    if (event.type === 'process-given-up') console.error(say.processGivenUp(name, event.reason));
    else if (event.type === 'process-died') console.error(say.processDied(name, event.exit, event.retryInMs));
    else if (event.type === 'process-failed') console.error(say.processFailed(name, event.reason, event.retryInMs));
    else if (restarts > 0) console.error(say.processBack(name, event.tookMs));
    else printRow(name, say.took(event.tookMs), address ?? '');
  };
}

function printRow(name: string, time: string, remark: string): void {
  console.log(`  ${name.padEnd(28)} ${time.padStart(8)}   ${remark}`);
}

/** Two promises: the first wish to stop (signal, or the process that started us is gone), and the second. */
function watchForStop(): { first: Promise<void>; second: Promise<void> } {
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  let wishes = 0;
  const wish = () => {
    wishes += 1;
    (wishes === 1 ? first : second).resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, wish);
  process.once('disconnect', wish);
  return { first: first.promise, second: second.promise };
}
