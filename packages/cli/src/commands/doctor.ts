import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { callHttp } from '@parley/service-kit';
import { CommandError, type CommandContext } from '../command-context.ts';
import { findGpu, thisMachine } from '../gpu/find-gpu.ts';
import { BinaryFolder, gpuBinary } from '../gpu/gpu-binaries.ts';
import { homeFolder } from '../home/home-folder.ts';
import { readLauncherFile, type LauncherView } from '../home/launcher-file.ts';
import { isPortFree } from '../launcher/free-ports.ts';
import { planProcesses } from '../launcher/plan.ts';
import { keysOffered } from '../terminal/keys-offered.ts';

type Verdict = 'ok' | 'note' | 'failed';
type Finding = [Verdict, string];

const MINIMUM_NODE_MAJOR = 24;

/** `parley doctor`: looks at everything a start needs and says what is wrong. Throws when something is. */
export async function doctor(context: CommandContext): Promise<void> {
  const { say, loaded } = context;
  const view = readLauncherFile(homeFolder(loaded.home).launcherFile);
  const findings = [
    checkNode(context),
    ['ok', say.doctor.settings(loaded.configFile)] satisfies Finding,
    ...checkHome(context),
    checkPage(context),
    ...checkGpu(context),
    ...(await checkModels(context)),
    ...(view ? await checkHealth(context, view) : await checkPorts(context)),
  ];
  const marks = { ok: `✓ ${say.checkOk}`, note: `• ${say.checkNote}`, failed: `✗ ${say.checkFailed}` };
  for (const [verdict, sentence] of findings) console.log(`${marks[verdict]}  ${sentence}`);
  const failures = findings.filter(([verdict]) => verdict === 'failed').length;
  if (failures > 0) throw new CommandError(`${say.checkFailed}: ${failures}`);
}

function checkNode({ say }: CommandContext): Finding {
  const isNew = Number(process.versions.node.split('.')[0]) >= MINIMUM_NODE_MAJOR;
  return isNew ? ['ok', say.doctor.node(process.version)] : ['failed', say.doctor.nodeOld(process.version)];
}

function checkHome({ loaded: { home }, say }: CommandContext): Finding[] {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    accessSync(home, constants.W_OK);
    const { bavail, bsize } = statfsSync(home);
    return [
      ['ok', say.doctor.home(home)],
      ['ok', say.doctor.disk(Math.round((bavail * bsize) / 1e9))],
    ];
  } catch (error) {
    return [['failed', say.doctor.homeBad(home, (error as Error).message)]];
  }
}

function checkPage({ root, say }: CommandContext): Finding {
  const isBuilt = existsSync(join(root, 'packages/web/dist/index.html'));
  return isBuilt ? ['ok', say.doctor.page] : ['note', say.doctor.pageMissing];
}

function checkGpu({ root, loaded: { environment }, say }: CommandContext): Finding[] {
  const kind = findGpu(thisMachine(environment['PATH'] ?? ''));
  const binary = kind && gpuBinary(kind, process);
  if (!kind || !binary) return [];
  const isThere = new BinaryFolder(root).has(binary);
  return [isThere ? ['ok', say.doctor.gpuReady(kind)] : ['note', say.doctor.gpuUnused(kind)]];
}

async function checkModels({ root, loaded, say }: CommandContext): Promise<Finding[]> {
  const plan = await planProcesses({ root, loaded, secret: '', nextFreePort: async (from) => from });
  const isWellKnown = loaded.settings.models.length === 0;
  const offer = keysOffered(plan.waitingForKey, say);
  const ready = plan.models.map(({ model: { name, worker } }): Finding => {
    const file = worker['model_path'];
    const isMissing = typeof file === 'string' && !existsSync(file);
    return isMissing ? ['failed', say.doctor.modelFileMissing(name, file)] : ['ok', say.doctor.hasKey(name)];
  });
  if (isWellKnown && offer !== null) return [...ready, ['note', offer]];
  return [
    ...ready,
    ...plan.waitingForKey.map(({ name, variable }): Finding => ['note', say.doctor.needsKey(name, variable)]),
  ];
}

const WAITING_STATES: ReadonlySet<string> = new Set(['starting', 'loading', 'released']);

async function checkHealth({ say }: CommandContext, view: LauncherView): Promise<Finding[]> {
  const checks = view.processes.map(async ({ name, address, state, ...process }): Promise<Finding> => {
    if (process.problem !== null && state !== 'running') return ['failed', say.problem(name, process.problem)];
    if (WAITING_STATES.has(state)) return ['note', say.problem(name, say.stateInWords(state, process.loading_percent))];
    const url = `${address ?? ''}/health`;
    const isHealthy = address !== null && (await answersOk(url));
    return isHealthy ? ['ok', say.doctor.health(name, address)] : ['failed', say.doctor.healthBad(name, url)];
  });
  return [['ok', say.doctor.running(view.server_url)], ...(await Promise.all(checks))];
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const { status, body } = await callHttp({ url, method: 'GET', headersTimeoutMs: 3_000 }, 'provider_failed');
    body.resume();
    return status === 200;
  } catch {
    return false;
  }
}

async function checkPorts({ loaded: { settings }, say }: CommandContext): Promise<Finding[]> {
  const wanted = { controller: settings.controller, gateway: settings.gateway, server: settings.server };
  const taken: Finding[] = [];
  for (const [room, { host, port }] of Object.entries(wanted)) {
    if (!(await isPortFree(host, port))) taken.push(['failed', say.doctor.portTaken(port, `${room}.port`)]);
  }
  return taken.length > 0 ? taken : [['ok', say.doctor.notRunning]];
}
