/**
 * V8 flags of the children. Small services need little young space: the default lets each grow by
 * some 10 MB before it collects. The collector is reached by `collectWhenIdle`.
 */
export const CHILD_FLAGS: readonly string[] = ['--max-semi-space-size=1', '--expose-gc'];

/** V8 flags of the launcher, as package.json gives them to `npm start`. */
export const LAUNCHER_FLAGS: readonly string[] = ['--max-semi-space-size=1', '--expose-gc'];
