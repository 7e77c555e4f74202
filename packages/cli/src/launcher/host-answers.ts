import type { HostReply, HostRequest } from '@parley/contracts';
import type { ModelFleet } from './model-fleet.ts';
import type { Trials } from './trials.ts';
import { toWorkerModel } from './worker-model.ts';

type Answers = { [Op in HostRequest['op']]: (request: Extract<HostRequest, { op: Op }>) => Promise<HostReply<Op>> };

/** What the application server may ask of the launcher, done. Throws `ParleyError`. */
export function hostAnswers(fleet: ModelFleet, trials: Trials): (request: HostRequest) => Promise<unknown> {
  const answers: Answers = {
    'set-models': async ({ models }) => nothing(fleet.setModels(models)),
    processes: async () => ({ processes: fleet.hostedViews }),
    replace: async ({ model }) => nothing(await fleet.replace(model)),
    release: async ({ model }) => nothing(await fleet.release(model)),
    load: async ({ model }) => nothing(fleet.load(model)),
    log: async ({ model }) => ({ lines: fleet.logLines(model) }),
    'start-trial': ({ model }) => trials.start(toWorkerModel(model)),
    'end-trial': async ({ trial }) => nothing(await trials.end(trial)),
  };
  return (request) => answers[request.op](request as never); // The key picks the answer of that very operation.
}

function nothing(_done: void): null {
  return null;
}
