import type { HostRequest } from '@parley/contracts';
import type { Settings } from '../settings/settings-schema.ts';
import { ExpectedModels } from './expected-models.ts';
import { hostAnswers } from './host-answers.ts';
import { ManagedProcess, type ManagedProcessOptions, type ProcessEvent } from './managed-process.ts';
import { ModelFleet } from './model-fleet.ts';
import type { Plan } from './plan.ts';
import type { ProcessPlan, Room } from './process-plan.ts';
import { Trials } from './trials.ts';
import { planWorker, type WorkerModel } from './worker-model.ts';

/** All that a launcher runs. */
export interface Crew {
  controller: ManagedProcess;
  gateway: ManagedProcess;
  server: ManagedProcess;
  /** The three above, in start order. */
  services: ManagedProcess[];
  models: ModelFleet;
  trials: Trials;
}

export interface CrewSeams {
  onEvent: (event: ProcessEvent) => void;
  /** Something that no process told has changed in a view. */
  onChange: () => void;
  onLogLine: (line: string) => void;
}

/** Makes everything that the plan names; the first models are forked, nothing is started. */
export function createCrew(plan: Plan, settings: Settings['launcher'], seams: CrewSeams): Crew {
  const { place, ports } = plan;
  const expected = new ExpectedModels(place);
  const create = (process: ProcessPlan, own: Partial<ManagedProcessOptions> = {}) =>
    new ManagedProcess(process, {
      startTimeoutMs: process.modelFile === undefined ? settings.start_timeout_ms : settings.load_timeout_ms,
      restartDelayMs: settings.restart_delay_ms,
      restartDelayLimitMs: settings.restart_delay_limit_ms,
      onLogLine: seams.onLogLine,
      onChange: seams.onEvent,
      ...own,
    });
  const controllerPlan = servicePlan(plan, 'controller');
  const models = new ModelFleet(plan.models, {
    ports,
    takenNames: plan.catalogue.map(({ name }) => name),
    plan: (model, port) => planWorker(model, place, port),
    createProcess: (process, hooks) =>
      create(process, {
        onLogLine: (line) => [hooks.onLogLine, seams.onLogLine].forEach((tell) => tell(line)),
        onChange: (event) => [hooks.onChange, seams.onEvent].forEach((tell) => tell(event)),
      }),
    stopGraceMs: settings.stop_grace_ms,
    onChange: seams.onChange,
    onExpected: (names) => {
      // A controller that is started again begins with the list of now.
      controllerPlan.config['expected_models'] = names;
      expected.change(names);
    },
  });
  const trials = new Trials({ ports, createProcess: (model, port) => create(planTrial(model, plan, port), SILENT) });
  const answer = hostAnswers(models, trials);
  const controller = create(controllerPlan, {
    onChange: (event) => {
      seams.onEvent(event);
      if (event.type === 'process-started' && event.view.restarts > 0) expected.tell();
    },
  });
  const gateway = create(servicePlan(plan, 'gateway'));
  const server = create(servicePlan(plan, 'server'), { onRequest: (request: HostRequest) => answer(request) });
  return { controller, gateway, server, services: [controller, gateway, server], models, trials };
}

/** A trial is its asker's matter: nothing of it is shown or printed. */
const SILENT = { onChange: () => {}, onLogLine: () => {} };

function planTrial(model: WorkerModel, { place }: Plan, port: number): ProcessPlan {
  const plan = planWorker(model, place, port);
  return { ...plan, name: `trial:${model.name}`, config: { ...plan.config, registers: false } };
}

function servicePlan({ processes }: Plan, room: Exclude<Room, 'worker'>): ProcessPlan {
  const plan = processes.find((process) => process.room === room);
  if (!plan) throw new Error(`The plan has no ${room}.`);
  return plan;
}
