import { registerHooks } from 'node:module';

/** What a parser has no business with. Files, processes and threads are closed by Node's permissions already. */
const CLOSED =
  /^(?:node:)?(?:net|tls|dgram|dns|http|https|http2|inspector|child_process|worker_threads|cluster)(?:\/|$)/;
const CLOSED_GLOBALS = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'];

/**
 * Takes the network away from this process, for modules that are loaded from now on: Node's
 * permissions do not cover it. A parser that loads something from an address then fails its document.
 */
export function lockNetwork(): void {
  for (const name of CLOSED_GLOBALS) Reflect.deleteProperty(globalThis, name);
  registerHooks({
    resolve(specifier, context, next) {
      if (CLOSED.test(specifier)) throw new Error(`${specifier} is closed to parsers.`);
      return next(specifier, context);
    },
  });
  const getBuiltinModule = process.getBuiltinModule.bind(process);
  process.getBuiltinModule = (name: string) => (CLOSED.test(name) ? undefined : getBuiltinModule(name));
}
