import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';
import { root } from './run-step.ts';

/** What a run of tests came to. A failure is the test's name and its errors, a skip the name alone. */
export interface TestReport {
  passed: number;
  failures: string[];
  skipped: string[];
}

/** The environment variable that says into which file the report goes. */
export const reportFileVariable = 'PARLEY_TEST_REPORT';

/**
 * A reporter of Vitest that writes a `TestReport` as JSON. It counts what a test's state does not
 * show, too: a file that does not load, a hook that fails, an error that escaped from a test.
 */
export default class TestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], escaped: readonly SerializedError[]): void {
    const report: TestReport = { passed: 0, failures: [], skipped: [] };
    for (const module of modules) addModule(report, module);
    for (const error of escaped) report.failures.push(`outside of the tests\n${describeError(error)}`);
    const file = process.env[reportFileVariable];
    if (file !== undefined) writeFileSync(file, JSON.stringify(report));
  }
}

function addModule(report: TestReport, module: TestModule): void {
  const file = relative(root, module.moduleId);
  for (const group of [module, ...module.children.allSuites()]) {
    const name = group.type === 'module' ? file : `${file} > ${group.fullName}`;
    for (const error of group.errors()) report.failures.push(`${name}\n${describeError(error)}`);
  }
  for (const test of module.children.allTests()) addTest(report, `${file} > ${test.fullName}`, test.result());
}

function addTest(report: TestReport, name: string, result: ReturnType<TestCase['result']>): void {
  if (result.state === 'passed') report.passed += 1;
  else if (result.state === 'skipped') report.skipped.push(name);
  // A test that is still pending at the end of the run never came to an answer.
  else report.failures.push([name, ...(result.errors ?? []).map(describeError)].join('\n'));
}

/** The message, the frames of the stack that are Parley's own, and the difference where there is one. */
function describeError({ stack = '', message, diff }: SerializedError & { diff?: string }): string {
  const frames = stack.split('\n').filter((line) => line.includes(root) && !line.includes('node_modules'));
  return [message, ...frames, diff ?? ''].join('\n').trimEnd();
}
