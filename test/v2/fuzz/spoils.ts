/** What goes wrong in requests: fields of another kind, too many or too few of them, bodies and headers that are none. */
import * as fc from 'fast-check';
import type { Operation } from '../document.ts';

/** Fields in the order in which they are written; a name may stand there twice. */
export type Entries = [name: string, value: unknown][];

export type Parts = {
  readonly path: Entries;
  readonly query: Entries;
  readonly header: Entries;
  /** A text is sent as it is. */
  readonly body: Entries | string | undefined;
};

export type Spoil =
  | {
      readonly kind: 'field';
      readonly part: keyof Parts;
      readonly how: 'other' | 'missing' | 'twice' | 'unknown';
      /** The field, by its place among them. */
      readonly place: number;
      readonly value: unknown;
    }
  | { readonly kind: 'body'; readonly text: string }
  | { readonly kind: 'header'; readonly name: string; readonly value: string };

const UNKNOWN_NAMES = ['no_such_field', '__proto__', 'constructor', 'toString', '', 'a[b]', '茶'];

const ODD_VALUES = [
  [null, true, -1, 0, 1.5, 2 ** 53, 1e308, [], [[]], {}, { a: 1 }, '', ' ', '0', '01', '-0'],
  ['\u0000', '\ud800', '\u202e', '\ufeff', 'e\u0301', '%', "'", '🍵'.repeat(300)],
  ['x'.repeat(5000), '2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '9'.repeat(40)],
].flat(1);
const ODD = fc.oneof(
  fc.constantFrom<unknown[]>(...ODD_VALUES),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary' }),
);

const BODIES = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('', '{', 'null', '[]', '"x"', '1', '\ufeff{}', '{}') },
  { weight: 3, arbitrary: fc.constant(`{"name":"${'x'.repeat(1_100_000)}"}`) },
);

const HEADERS = fc.constantFrom<readonly [name: string, value: string]>(
  ['content-type', 'text/plain'],
  ['content-type', 'application/xml'],
  ['content-type', 'multipart/form-data; boundary=x'],
  ['content-type', 'application/json; charset=gbk'],
  ['authorization', ''],
  ['authorization', 'Bearer f2f_wrong'],
  ['authorization', 'Basic eDp5'],
  ['cookie', 'f2f_session=x'],
  ['x-csrf-token', 'x'],
  ['origin', 'https://evil.example'],
  ['origin', 'null'],
);

/** Something that is in the way of an operation. */
export function spoilOf({ parameters = [], requestBody, method }: Operation): fc.Arbitrary<Spoil> {
  const places = new Set(parameters.map(({ in: place }) => place as keyof Parts));
  const hasBody = requestBody !== undefined;
  const field = fc.record({
    kind: fc.constant('field' as const),
    part: fc.constantFrom<keyof Parts>('query', ...places, ...(hasBody ? BODY_WEIGHT : [])),
    how: fc.constantFrom('other' as const, 'other', 'missing', 'twice', 'unknown'),
    place: fc.nat({ max: 20 }),
    value: ODD,
  });
  const header = HEADERS.map(([name, value]) => ({ kind: 'header' as const, name, value }));
  const body = BODIES.map((text) => ({ kind: 'body' as const, text }));
  const isSent = hasBody || method !== 'GET';
  return fc.oneof(
    { weight: 6, arbitrary: field },
    { weight: 2, arbitrary: header },
    ...(isSent ? [{ weight: 2, arbitrary: body }] : []),
  );
}
const BODY_WEIGHT = ['body', 'body', 'body'] as const;

export function spoilt(parts: Parts, spoils: readonly Spoil[]): Parts {
  return spoils.reduce(spoiltOnce, parts);
}

function spoiltOnce(parts: Parts, spoil: Spoil): Parts {
  if (spoil.kind === 'body') return { ...parts, body: spoil.text };
  if (spoil.kind === 'header') {
    return { ...parts, header: [...parts.header, [spoil.name, spoil.value]] };
  }
  const { [spoil.part]: entries } = parts;
  if (!Array.isArray(entries)) return parts;
  return { ...parts, [spoil.part]: spoiltEntries(entries, spoil) };
}

function spoiltEntries(entries: Entries, spoil: Extract<Spoil, { kind: 'field' }>): Entries {
  const { part, how, place, value } = spoil;
  const index = entries.length === 0 ? -1 : place % entries.length;
  const [name, before] = entries[index] ?? [];
  if (name === undefined || how === 'unknown') {
    return [...entries, [UNKNOWN_NAMES[place % UNKNOWN_NAMES.length]!, value]];
  }
  // Of fields within fields as well as of these.
  if (how !== 'other' && isFilled(before)) {
    const inside = Object.fromEntries(spoiltEntries(Object.entries(before), spoil));
    return entries.with(index, [name, inside]);
  }
  // A path has each of its parts.
  if (how === 'other' || part === 'path') return entries.with(index, [name, value]);
  return how === 'missing' ? entries.toSpliced(index, 1) : [...entries, [name, value]];
}

function isFilled(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** JSON in which a name may stand twice, and be any. */
export function jsonOf(entries: Entries): string {
  const fields = entries.flatMap(([name, value]) => {
    const json = JSON.stringify(value);
    return json === undefined ? [] : [`${JSON.stringify(name)}:${json}`];
  });
  return `{${fields.join(',')}}`;
}
