/**
 * A guide of `docs/guides/` as something to run: its code blocks in order, a shell that stays open between them, its programs in
 * TypeScript, Python and Java, and how what they show is held against what comes. What must come of it is in
 * `test/api/guides.test.ts`.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './gateway-process.ts';

const execute = promisify(execFile);
export const ROOT = join(import.meta.dirname, '../..');

export type Guide = {
  readonly text: string;
  readonly blocks: readonly { readonly language: string; readonly text: string }[];
};
export type Environment = Readonly<Record<string, string>>;

export function readGuide(name: string): Guide {
  const text = readFileSync(join(ROOT, 'docs/guides', `${name}.md`), 'utf8');
  const fences = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  return {
    text,
    blocks: fences.map(([, language = '', block = '']) => ({ language, text: block })),
  };
}

export function blocksIn({ blocks }: Guide, language: string): readonly string[] {
  return blocks.filter((block) => block.language === language).map(({ text }) => text);
}

/** Lines for the shell, with the answer that is shown under them. */
export type Step = { readonly command: string; readonly shown: string | undefined };

export function stepsOf({ blocks }: Guide): readonly Step[] {
  return blocks.flatMap(({ language, text }, index) => {
    const next = blocks[index + 1];
    const shown = next?.language === 'json' ? next.text : undefined;
    return language === 'sh' ? [{ command: text, shown }] : [];
  });
}

const LEFT_OUT = '…';

/**
 * Where what was heard is not what a guide shows. `…` stands for anything, a key of that name for further keys, and any digits for
 * others: numbers and times are those of another day.
 */
export function differences(shown: unknown, heard: unknown, at = 'answer'): readonly string[] {
  const told = `${at}: shown ${JSON.stringify(shown)}, heard ${JSON.stringify(heard)}`;
  if (typeof shown === 'string') {
    return typeof heard === 'string' && patternOf(shown).test(heard) ? [] : [told];
  }
  if (typeof shown !== 'object' || shown === null) return shown === heard ? [] : [told];
  if (typeof heard !== 'object' || heard === null) return [told];
  const [left, right] = [new Map(Object.entries(shown)), new Map(Object.entries(heard))];
  const isWhole = !left.delete(LEFT_OUT);
  const surplus = isWhole ? [...right.keys()].filter((key) => !left.has(key)) : [];
  return [
    ...surplus.map((key) => `${at}.${key}: heard, and not shown`),
    ...[...left].flatMap(([key, value]) => differences(value, right.get(key), `${at}.${key}`)),
  ];
}

function patternOf(shown: string): RegExp {
  const escaped = shown.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const digits = escaped.replaceAll(/\d+/g, String.raw`\d+`);
  return new RegExp(`^${digits.replaceAll(LEFT_OUT, '[^]*')}$`);
}

/** The same for the lines that a program wrote. */
export function differentLines(shown: string, output: string): readonly string[] {
  return differences(shown.trim().split('\n'), output.trim().split('\n'), 'line');
}

export type Running = {
  /** What it wrote so far. */
  readonly output: () => string;
  readonly type: (lines: string) => void;
  /** Resolves when something that it wrote fits. */
  readonly sees: (pattern: RegExp) => Promise<string>;
  /** What it wrote, once it has ended well. */
  readonly finish: () => Promise<string>;
  /** Ends it at once; what it wrote. */
  readonly kill: () => Promise<string>;
};

/** None of them outlives the test process. */
const children = new Set<ChildProcess>();
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** Of the developer's own environment only the path has a say. */
function start(command: string, args: readonly string[], cwd: string, env: Environment): Running {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', ...env },
  });
  children.add(child);
  let [output, faults] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (faults += chunk.toString('utf8')));
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const fault = (what: string): Error =>
    new Error(`${what}: ${command} ${args.join(' ')}\n${output}${faults}`);
  return {
    output: () => output,
    type: (lines) => void child.stdin.write(lines),
    sees: (pattern) =>
      until(
        () => {
          const [found] = pattern.exec(output) ?? [];
          if (found === undefined && child.exitCode !== null)
            throw fault(`ended before ${pattern}`);
          return found;
        },
        { what: `${pattern} of ${command}`, retryErrors: false, withinMs: 45_000, everyMs: 20 },
      ),
    finish: async () => {
      const code = await ended;
      if (code !== 0) throw fault(`ended with ${code}`);
      return output;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
      return output;
    },
  };
}

export type Shell = { readonly run: (lines: string) => Promise<string>; readonly end: () => void };

/** A shell that keeps its variables from block to block, as that of a person does. */
export function openShell(cwd: string, env: Environment): Shell {
  const shell = start('sh', [], cwd, env);
  let [count, seen] = [0, 0];
  return {
    run: async (lines) => {
      count += 1;
      const mark = `@@ ${count} @@`;
      shell.type(`${lines}\nprintf '\\n${mark}\\n'\n`);
      await shell.sees(new RegExp(`^${mark}$`, 'm'));
      const written = shell.output().slice(seen, shell.output().lastIndexOf(mark));
      seen = shell.output().length;
      return written.trim();
    },
    end: () => shell.type('exit\n'),
  };
}

export const LANGUAGES = ['TypeScript', 'Python', 'Java'] as const;
export type Language = (typeof LANGUAGES)[number];

const FILE_NAME = /^(?:#|\/\/) (\w+\.(?:ts|py|java)):/;
/** Each program lives for a moment only. */
const SHORT_LIVED = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'];

export type Bench = {
  readonly folder: string;
  /** Why the programs of a language cannot be run here. */
  readonly missing: Readonly<Record<Language, string | undefined>>;
  /** Starts `NAME.ts`, `NAME.py` or `Name.java` of a guide. */
  readonly start: (
    language: Language,
    name: string,
    args: readonly string[],
    env: Environment,
    cwd?: string,
  ) => Running;
  readonly end: () => void;
};

/** Writes the programs of all guides into one folder, as a reader would, and the client beside them. */
export async function setUpBench(guides: readonly Guide[]): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'alipay-f2f-guides-'));
  const files = guides.flatMap(({ blocks }) =>
    blocks.flatMap(({ text }) => {
      const [, name] = FILE_NAME.exec(text) ?? [];
      return name === undefined ? [] : [{ name, text }];
    }),
  );
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(ROOT, 'client'), join(folder, 'alipay-f2f'));
  const [hasPython, hasJava] = await Promise.all([
    succeeds('python3', '--version'),
    succeeds('javac', '-version'),
  ]);
  const classes = join(folder, 'classes');
  mkdirSync(classes);
  const java = files.map(({ name }) => name).filter((name) => name.endsWith('.java'));
  // All at once: `java Till.java` compiles each time, which takes longer than it runs.
  if (hasJava) await execute('javac', ['-d', classes, ...java], { cwd: folder });
  const commands: Record<Language, (name: string) => [command: string, ...args: string[]]> = {
    TypeScript: (name) => [process.execPath, join(folder, `${name}.ts`)],
    Python: (name) => ['python3', join(folder, `${name}.py`)],
    Java: (name) => ['java', ...SHORT_LIVED, '-cp', classes, capitalized(name)],
  };
  return {
    folder,
    missing: {
      TypeScript: undefined,
      Python: hasPython ? undefined : 'python3 is not installed',
      Java: hasJava ? undefined : 'no JDK is installed',
    },
    start: (language, name, args, env, cwd = folder) => {
      const [command, ...before] = commands[language](name);
      return start(command, [...before, ...args], cwd, env);
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function capitalized(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

export function succeeds(command: string, ...args: readonly string[]): Promise<boolean> {
  return execute(command, args).then(
    () => true,
    () => false,
  );
}
