import { runTool } from './run-step.ts';

/** `npm run format`: formats what it may. */
export function main(): void {
  if (!runTool('oxfmt/bin/oxfmt', [])) process.exitCode = 1;
}
