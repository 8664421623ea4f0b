/**
 * What a gateway's log says of faults of its own: an error that is no trouble with the database or with Alipay. The same
 * message is told once.
 */

/** What may go wrong around a gateway while its surroundings are struck. */
const NO_FAULT = new Set(['DatabaseUnavailable', 'NoResponse']);
const ERROR_LEVEL = 50;
const LENGTH_MAX = 1500;

type Line = {
  readonly level?: unknown;
  readonly msg?: unknown;
  readonly err?: { readonly type?: unknown; readonly message?: unknown; readonly stack?: unknown };
};

export function faultsOfOurs(output: string): readonly string[] {
  const found = new Map<string, string>();
  for (const text of output.split('\n')) {
    const line = parse(text);
    if (line === undefined) continue;
    const isBad = typeof line.level === 'number' && line.level >= ERROR_LEVEL;
    if (!isBad || NO_FAULT.has(String(line.err?.type))) continue;
    found.set(`${String(line.msg)} ${String(line.err?.message)}`, text.slice(0, LENGTH_MAX));
  }
  return [...found.values()];
}

function parse(text: string): Line | undefined {
  try {
    const line: Line = JSON.parse(text);
    return line;
  } catch {
    return undefined;
  }
}
