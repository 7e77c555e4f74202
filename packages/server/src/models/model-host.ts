import type { HostReply, HostRequest } from '@parley/contracts';

/**
 * Who runs the models' processes: the launcher, reached over the channel to it. Rejects with
 * `ParleyError`: what a worker said when it could not start, `model_not_found` for a name that it
 * does not run, `model_host_missing` when the channel is gone.
 */
export interface ModelHost {
  ask<Op extends HostRequest['op']>(request: Extract<HostRequest, { op: Op }>): Promise<HostReply<Op>>;
}
