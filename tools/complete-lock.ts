/**
 * Completes package-lock.json after `npm install`: a registry that serves only some platforms makes npm leave the optional
 * bindings of the others out of the lock file, and `npm ci` then refuses the lock as incomplete. Each missing one is listed by
 * name, exact version and platform, so that `npm ci` works there and on every platform. Run it, then commit the lock file.
 */
import { readFileSync, writeFileSync } from 'node:fs';

type Entry = {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
};
type Lock = { packages: Record<string, Entry> };

const OSES = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const CPUS = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'];

/** What a binding's name says about its platform: `@oxlint/binding-linux-x64-musl`. */
function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[/-]/);
  const os = OSES.filter((word) => words.includes(word));
  const cpu = CPUS.filter((word) => words.includes(word));
  const isMusl = words.some((word) => word.startsWith('musl'));
  return { os, cpu, ...(isMusl ? { libc: ['musl'] } : {}) };
}

/** The lock with an entry for each optional dependency that has none; its packages stay sorted by path. */
export function completeLock(lock: Lock): Lock {
  const missing = Object.values(lock.packages).flatMap(({ dev, optionalDependencies = {} }) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !(`node_modules/${name}` in lock.packages))
      .map(([name, version]): [string, Entry] => [
        `node_modules/${name}`,
        { version, ...(dev === true ? { dev } : {}), optional: true, ...platformOf(name) },
      ]),
  );
  // A platform that the name does not tell is not guessed: npm would install it everywhere.
  const known = missing.filter(([, { os = [], cpu = [] }]) => os.length === 1 && cpu.length === 1);
  const packages = [...Object.entries(lock.packages), ...known].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return { ...lock, packages: Object.fromEntries(packages) };
}

if (import.meta.main) {
  const path = new URL('../package-lock.json', import.meta.url);
  const lock: Lock = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, `${JSON.stringify(completeLock(lock), undefined, 2)}\n`);
}
