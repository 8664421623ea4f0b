/**
 * What a process has cost so far, as the operating system counts it: processor time and resident memory. Asked from outside,
 * so that what is measured is the program as users run it, and the asking costs it nothing.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second (`getconf CLK_TCK`), on every architecture that Node runs on. */
const TICK_MS = 10;
const KIB = 1024;

/** Processor time, user and system, of a process that is alive, in milliseconds. */
export function cpuMsOf(pid: number): number {
  return process.platform === 'linux' ? cpuMsOnLinux(pid) : clockToMs(ps(pid, 'time'));
}

/** The same of a process and of all that it started, those that have ended and were waited for among them. */
export function cpuMsOfTree(pid: number): number {
  if (process.platform !== 'linux') return cpuMsOf(pid);
  for (;;) {
    const { ownTicks, endedTicks } = ticksOf(pid);
    try {
      const children = childrenOf(pid).reduce((sum, child) => sum + cpuMsOfTree(child), 0);
      return (ownTicks + endedTicks) * TICK_MS + children;
    } catch (error) {
      // One of them ended just now, and this one counts it from now on: all is read once more.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
}

/** Resident memory in bytes: what the process occupies of the machine now. */
export function residentBytesOf(pid: number): number {
  if (process.platform !== 'linux') return Number(ps(pid, 'rss')) * KIB;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * KIB;
}

function cpuMsOnLinux(pid: number): number {
  return ticksOf(pid).ownTicks * TICK_MS;
}

/** proc(5), `/proc/PID/stat`: fields 14 to 17. The name in field 2 may hold blanks and brackets. */
function ticksOf(pid: number): { readonly ownTicks: number; readonly endedTicks: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = NaN, system = NaN, endedUser = NaN, endedSystem = NaN] = fields
    .slice(11, 15)
    .map(Number);
  return { ownTicks: user + system, endedTicks: endedUser + endedSystem };
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    const text = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  });
}

function ps(pid: number, column: string): string {
  return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim();
}

/** `[[dd-]hh:]mm:ss[.cc]`, as `ps` prints it. */
export function clockToMs(text: string): number {
  const [days = '0', clock = ''] = text.includes('-') ? text.split('-') : ['0', text];
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}
