import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './check.ts';
import { ensureChroma } from './find-chroma.ts';
import { ensureChromium } from './find-chromium.ts';
import { runStep, runTool } from './run-step.ts';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * `npm test`: checks, then every test. The rooms' tests and the whole-system tests run one after
 * the other, because the latter measure how fast a killed process is healed. The last line counts.
 */
export function main(): void {
  const areChecksClean = runChecks();
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  const hasChroma = ensureChroma();
  const rooms = runTests('rooms and page', ['--project', 'rooms', '--project', 'page'], join(folder, 'rooms.json'));
  const chromium = ensureChromium();
  const e2e = runTests('whole system, in a browser', ['--project', 'e2e'], join(folder, 'e2e.json'));
  rmSync(folder, { recursive: true });
  const total = add(rooms, e2e);
  if (!areChecksClean) console.log('\nFormat, lint or types are not clean; see above.');
  console.log(`\ntests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  const hasPeers = chromium !== null && hasChroma;
  if (!areChecksClean || !hasPeers || total.failed > 0 || total.passed === 0) process.exitCode = 1;
}

function runTests(name: string, projects: string[], outputFile: string): Counts {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
  const isOk = runStep(name, () => runTool('vitest/vitest.mjs', ['run', ...projects, ...reporters]));
  const counts = readCounts(outputFile);
  // A run that fails without a failed test (a file that does not load, a leaked error) still counts.
  return isOk || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

function readCounts(file: string): Counts {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report;
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function add(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}
