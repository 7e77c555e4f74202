import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Resident memory of a process in MB (10^6 bytes), shared pages counted in; 0 when it is gone. */
export function residentMegabytes(pid: number): number {
  return residentBytes(pid) / 1e6;
}

/** The same in bytes. */
export function residentBytes(pid: number): number {
  return (process.platform === 'linux' ? fromProc(pid) : fromPs(pid)) * 1024;
}

function fromProc(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function fromPs(pid: number): number {
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim());
  } catch {
    return 0;
  }
}
