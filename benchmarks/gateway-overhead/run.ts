import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Child } from '../processes/child.ts';
import type { LoadTask } from './programs/load-client.ts';

/** Chunks per stream, and the pause between two of them. */
const STREAM = { chunks: 300, everyMs: 5 };

interface Knobs {
  passes: number;
  requests: number;
  connections: number;
  streams: number;
  /** Write a CPU profile of the gateway to this folder. */
  profile: string | undefined;
}

/** CPU microseconds per unit of work. */
/** CPU time of one pass, µs a request or chunk. */
interface Cost {
  bare: number;
  gateway: number;
  controller: number;
}

/** Medians over the passes. */
interface Figures {
  toBareProxy: number;
  withController: number;
  microseconds: number;
  bareMicroseconds: number;
  controllerMicroseconds: number;
}

type System = 'bare' | 'gateway';
const program = (name: string) => new URL(`programs/${name}.ts`, import.meta.url);

type Plane = Record<System | 'controller' | 'load' | 'worker', Child>;

/** What does our gateway add to a request and to a streamed chunk, against a proxy that does nothing else? */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<Record<string, unknown>> {
  const knobs = readKnobs(args);
  const plane = await startPlane(knobs);
  try {
    const request = { isStream: false, connections: knobs.connections, requests: knobs.requests };
    const chunk = { isStream: true, connections: knobs.streams, requests: knobs.streams };
    const figures = {
      request: await measure(plane, request, { units: knobs.requests, passes: knobs.passes }),
      chunk: await measure(plane, chunk, { units: knobs.streams * STREAM.chunks, passes: knobs.passes }),
      connections: knobs.connections,
      streams: knobs.streams,
      passes: knobs.passes,
    };
    if (!json) print(figures);
    return figures;
  } finally {
    for (const child of Object.values(plane)) child.stop();
  }
}

function readKnobs(args: string[]): Knobs {
  const options = {
    passes: { type: 'string', default: '7' },
    requests: { type: 'string', default: '8000' },
    connections: { type: 'string', default: '64' },
    streams: { type: 'string', default: '64' },
    profile: { type: 'string' },
  } as const;
  const { passes, requests, connections, streams, profile } = parseArgs({ args, options }).values;
  return {
    passes: Number(passes),
    requests: Number(requests),
    connections: Number(connections),
    streams: Number(streams),
    profile,
  };
}

async function startPlane({ profile }: Knobs): Promise<Plane> {
  const secret = randomUUID();
  const worker = await Child.start(program('mock-worker'), STREAM);
  const controller = await Child.start(program('controller'), { secret, worker: worker.address });
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  return {
    worker,
    controller,
    bare: await Child.start(program('bare-proxy'), { worker: worker.address }),
    gateway: await Child.start(program('gateway'), { secret, controller: controller.address }, profiling),
    load: await Child.start(program('load-client')),
  };
}

/** The first passes are slower, for V8 has not compiled everything yet; they are not counted. */
const WARM_UPS = 2;

/** Takes the systems in turn, so that what else the machine does falls on both. */
async function measure(
  plane: Plane,
  task: Omit<LoadTask, 'address'>,
  { units, passes }: { units: number; passes: number },
): Promise<Figures> {
  const costs: Cost[] = [];
  for (let pass = 1 - WARM_UPS; pass <= passes; pass += 1) {
    const bare = await cpuOf(plane, 'bare', task);
    const gateway = await cpuOf(plane, 'gateway', task);
    const cost = { bare: bare.system / units, gateway: gateway.system / units, controller: gateway.controller / units };
    process.stderr.write(`${pass <= 0 ? 'warm-up' : `pass ${pass}`}: bare ${cost.bare.toFixed(1)}, `);
    process.stderr.write(`gateway ${cost.gateway.toFixed(1)}, controller ${cost.controller.toFixed(1)} µs\n`);
    if (pass > 0) costs.push(cost);
  }
  const middle = (pick: (cost: Cost) => number) => costs.map(pick).toSorted((a, b) => a - b)[costs.length >> 1] ?? NaN;
  return {
    // Of each pass by itself: two turns that follow each other meet the machine in the same state.
    toBareProxy: round(middle(({ gateway, bare }) => gateway / bare)),
    withController: round(middle(({ gateway, controller, bare }) => (gateway + controller) / bare)),
    microseconds: round(middle(({ gateway }) => gateway)),
    bareMicroseconds: round(middle(({ bare }) => bare)),
    controllerMicroseconds: round(middle(({ controller }) => controller)),
  };
}

async function cpuOf(plane: Plane, system: System, task: Omit<LoadTask, 'address'>) {
  const before = [await plane[system].cpu(), await plane.controller.cpu()] as const;
  const { failed } = (await plane.load.work({ ...task, address: plane[system].address })) as { failed: number };
  if (failed > 0) throw new Error(`${failed} requests to "${system}" failed; the figures would say nothing.`);
  return { system: (await plane[system].cpu()) - before[0], controller: (await plane.controller.cpu()) - before[1] };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function print({ request, chunk }: { request: Figures; chunk: Figures }): void {
  console.log('CPU µs          gateway    bare   ratio   with controller');
  for (const [name, figures] of Object.entries({ request, chunk })) {
    const { microseconds, bareMicroseconds, toBareProxy, withController } = figures;
    const cells = [microseconds.toFixed(1).padStart(10), bareMicroseconds.toFixed(1).padStart(7)];
    console.log(
      `${name.padEnd(12)}${cells.join(' ')}${toBareProxy.toFixed(2).padStart(8)}${withController.toFixed(2).padStart(18)}`,
    );
  }
}
