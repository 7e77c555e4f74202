import type { AdminModel } from '@parley/contracts';

export const modelActions = ['test', 'replace', 'release', 'load', 'log', 'edit', 'delete'] as const;
export type ModelAction = (typeof modelActions)[number];

const isDown = ({ state }: AdminModel) => state === 'released' || state === 'failed';

/** Whether an action makes sense for a model as it stands. */
const offers: Record<ModelAction, (model: AdminModel) => boolean> = {
  test: ({ state }) => state === 'ready',
  replace: ({ state }) => state === 'ready' || state === 'restarting',
  release: (model) => !isDown(model) && model.state !== 'needs-key',
  load: isDown,
  log: () => true,
  edit: () => true,
  delete: ({ origin }) => origin === 'page',
};
/** These end or begin a process. */
const managing: ReadonlySet<ModelAction> = new Set(['replace', 'release', 'load']);

/** What is offered for a model; without a launcher no process can be started or ended. */
export function offeredActions(model: AdminModel, { canManage }: { canManage: boolean }): ModelAction[] {
  return modelActions.filter((action) => offers[action](model) && (canManage || !managing.has(action)));
}
