/**
 * Reads JSON from the network: numbers keep the digits they were written with (an 18-digit payment code sent as a JSON
 * number would lose its last ones as a floating-point number), and depth is bounded before anything recursive runs.
 */

/** A JSON number as its source text. */
export type NumberText = { readonly numberText: string };
export type JsonObject = Readonly<Record<string, unknown>>;

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly rule: string };

/** Requests of this API are two levels deep. */
const DEPTH_MAX = 16;

type SourceReviver = (
  key: string,
  value: unknown,
  context: { readonly source?: string },
) => unknown;

const numbers = new WeakSet<object>();

const keepDigits: SourceReviver = (_key, value, { source }) => {
  if (typeof value !== 'number') return value;
  const number: NumberText = { numberText: source ?? String(value) };
  numbers.add(number);
  return number;
};

export function parseJson(text: string): ParsedJson {
  if (depthOf(text) > DEPTH_MAX) return { ok: false, rule: `嵌套不能超过${DEPTH_MAX}层` };
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type of `JSON.parse` does not know the third argument of a reviver yet (ES2026, source text access)
    const reviver = keepDigits as (key: string, value: unknown) => unknown;
    return { ok: true, value: JSON.parse(text, reviver) as unknown };
  } catch {
    return { ok: false, rule: '不是有效的JSON' };
  }
}

/** Only numbers that the parser made count: an object that looks like one is an object. */
export function isNumberText(value: unknown): value is NumberText {
  return typeof value === 'object' && value !== null && numbers.has(value);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !isNumberText(value)
  );
}

/**
 * How deep brackets nest outside strings; right for valid JSON, and an upper bound good enough for the rest. One pass
 * over the characters, whatever they are: a pattern could be made to backtrack.
 */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length && deepest <= DEPTH_MAX; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, (depth += 1));
    else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}
