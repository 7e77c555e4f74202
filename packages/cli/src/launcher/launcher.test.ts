import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { freePort, waitUntil } from '@parley/service-kit/testing';
import { loadSettings } from '../settings/load-settings.ts';
import { english } from '../terminal/messages.en.ts';
import { Launcher } from './launcher.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'parley-launcher-'));
let launcher: Launcher | null = null;

async function launch(home: string, onEvent: (type: string, name: string) => void = () => {}) {
  const ports = ['SERVER_PORT', 'GATEWAY_PORT', 'CONTROLLER_PORT', 'WORKERS_FIRST_PORT'];
  const environment: Record<string, string> = { PARLEY_HOME: home };
  for (const name of ports) environment[`PARLEY_${name}`] = String(await freePort());
  const settings = loadSettings({ root: folder, environment, say: english });
  launcher = await Launcher.launch(ROOT, settings, { onEvent: ({ type, view }) => onEvent(type, view.name) });
}

afterEach(async () => {
  await launcher?.stop(0);
  launcher = null;
  rmSync(folder, { recursive: true, force: true });
});

it('goes on healing when it can store nothing any more', async () => {
  const home = join(folder, 'home');
  const events: string[] = [];
  await launch(home, (type, name) => events.push(`${type} ${name}`));
  const pid = guideWorkerOf(home);
  // The application server may still be making folders there.
  rmSync(home, { recursive: true, maxRetries: 10 });
  events.length = 0;
  process.kill(pid, 'SIGKILL');
  const name = 'model_worker:parley-guide';
  await waitUntil(() => events.includes(`process-started ${name}`), 'the worker to be back');
  expect(events).toEqual([`process-died ${name}`, `process-started ${name}`]);
});

it('says in plain words that nothing can be stored in the home folder', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'parley-launcher-')), 'a-file');
  writeFileSync(file, '');
  await expect(launch(file)).rejects.toMatchObject({ fault: { type: 'home-unusable', home: file } });
});

function guideWorkerOf(home: string): number {
  const view = readFileSync(join(home, 'launcher.json'), 'utf8');
  const { processes } = JSON.parse(view) as { processes: { name: string; pid: number }[] };
  return processes.find(({ name }) => name === 'model_worker:parley-guide')?.pid ?? 0;
}
