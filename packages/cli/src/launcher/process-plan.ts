import type { ModelPurpose } from '@parley/contracts';
import type { ProcessView } from '../home/launcher-file.ts';

export type Room = 'controller' | 'gateway' | 'worker' | 'server';

/** One process to start: its name in the seeds' words, its room, and the room's settings. */
export interface ProcessPlan {
  name: string;
  room: Room;
  config: Record<string, unknown> & { host: string; port: number };
  /** The setting that moves its port, for the message when the port is taken. */
  portSetting: string;
  /** What a worker's model is for. */
  purpose?: ModelPurpose;
  /** The file that a local worker reads; native code runs on it, so a crash is laid to it. */
  modelFile?: string;
  /** Variables of this process alone. */
  environment?: Record<string, string>;
  /** Without it nothing works: its failure ends the start, and it is never given up. */
  isEssential: boolean;
}

/** How a process is shown that was not made yet. */
export function blankView({ name, purpose }: ProcessPlan): ProcessView {
  const nothing = { pid: null, address: null, loading_percent: null, problem: null };
  return { name, purpose: purpose ?? null, state: 'stopped', restarts: 0, ...nothing };
}
