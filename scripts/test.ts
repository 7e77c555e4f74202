import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './check.ts';
import { ensureChroma } from './find-chroma.ts';
import { ensureChromium } from './find-chromium.ts';
import { runStep, runTool } from './run-step.ts';
import { reportFileVariable, type TestReport } from './vitest-report.ts';

/**
 * `npm test`: checks, then every test. The rooms' tests and the whole-system tests run one after
 * the other, because the latter measure how fast a killed process is healed. The last lines
 * name what failed and was skipped, and count.
 */
export function main(): void {
  const areChecksClean = runChecks();
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  const hasChroma = ensureChroma();
  const rooms = runTests('rooms and page', ['--project', 'rooms', '--project', 'page'], join(folder, 'rooms.json'));
  const chromium = ensureChromium();
  const e2e = runTests('whole system, in a browser', ['--project', 'e2e'], join(folder, 'e2e.json'));
  rmSync(folder, { recursive: true });
  const total = addReports(rooms, e2e);
  if (!areChecksClean) console.log('\nFormat, lint or types are not clean; see above.');
  printReport(total);
  const hasPeers = chromium !== null && hasChroma;
  if (!areChecksClean || !hasPeers || total.failures.length > 0 || total.passed === 0) process.exitCode = 1;
}

function runTests(name: string, projects: string[], reportFile: string): TestReport {
  process.env[reportFileVariable] = reportFile;
  const reporters = ['--reporter=default', '--reporter=./scripts/vitest-report.ts'];
  const isOk = runStep(name, () => runTool('vitest/vitest.mjs', ['run', ...projects, ...reporters]));
  const report = readReport(reportFile);
  if (!isOk && report.failures.length === 0) report.failures.push(`${name}: the run failed outside of its tests`);
  return report;
}

function readReport(file: string): TestReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestReport;
  } catch {
    return { passed: 0, failures: [], skipped: [] };
  }
}

function addReports(one: TestReport, other: TestReport): TestReport {
  return {
    passed: one.passed + other.passed,
    failures: [...one.failures, ...other.failures],
    skipped: [...one.skipped, ...other.skipped],
  };
}

/** Says at the end, where a long log is read first, which tests failed and why, and which were skipped. */
function printReport({ passed, failures, skipped }: TestReport): void {
  for (const name of skipped) console.log(`skipped: ${name}`);
  for (const failure of failures) console.log(`\nfailed: ${failure}`);
  console.log(`\ntests: ${passed} passed, ${failures.length} failed, ${skipped.length} skipped`);
}
