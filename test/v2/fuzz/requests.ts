/**
 * Requests made from the OpenAPI document: of each operation the parameters and the body, from their shapes and from the
 * examples that are shown. Most are right, and are about what earlier answers told; in some, one or two things are spoilt.
 */
import * as fc from 'fast-check';
import type { V2Call } from '../client.ts';
import { OPERATIONS, type Operation } from '../document.ts';
import { jsonOf, spoilOf, spoilt, type Entries, type Spoil } from './spoils.ts';

/** One of the things of these kinds that answers told, by its place among them: the latest has the first. */
export class Known {
  readonly kinds: readonly string[];
  readonly place: number;

  constructor(kinds: readonly string[], place: number) {
    this.kinds = kinds;
    this.place = place;
  }
}

/** Who sends it, by the place among those of a kind. */
export type Sender = {
  readonly kind: 'operator' | 'key' | 'person' | 'nobody';
  readonly place: number;
};

type Fields = Readonly<Record<string, unknown>>;

/** What stands in a request, with `Known` where something is named. */
export type Request = {
  readonly operationId: string;
  readonly sender: Sender;
  readonly path: Fields;
  readonly query: Fields;
  readonly header: Fields;
  readonly body: Fields | undefined;
  /** Sent twice at once. */
  readonly isTwice: boolean;
  readonly spoils: readonly Spoil[];
};

type Schema = {
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
};
type FieldOf = (name: string, schema: Schema) => fc.Arbitrary<unknown>;

/** Around the time of a world. */
const TIMES = { min: new Date('2026-11-21T00:00:00Z'), max: new Date('2026-11-27T00:00:00Z') };
const TEXT_LENGTH = 12;
const ITEMS = 5;

/** What a shape lets through. */
function valueOf(schema: Schema): fc.Arbitrary<unknown> {
  const { type = '', anyOf, items = {}, minItems = 0, minimum = 0, maximum = 1000 } = schema;
  if (anyOf !== undefined) return fc.oneof(...anyOf.map(valueOf));
  const make: Readonly<Record<string, () => fc.Arbitrary<unknown>>> = {
    object: () => objectOf(schema, (_name, field) => valueOf(field)),
    array: () => fc.uniqueArray(valueOf(items), { minLength: minItems, maxLength: ITEMS }),
    integer: () => fc.integer({ min: minimum, max: maximum }),
    boolean: () => fc.boolean(),
    null: () => fc.constant(null),
    string: () => textOf(schema),
  };
  const made = make[type]?.();
  if (made === undefined) throw new Error(`Nothing makes a request for ${JSON.stringify(schema)}`);
  return made;
}

function textOf({ enum: values, format, pattern, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (values !== undefined) return fc.constantFrom(...values);
  if (format === 'date-time') {
    return fc.date({ ...TIMES, noInvalidDate: true }).map((time) => time.toISOString());
  }
  // fast-check knows no classes of Unicode: a plain text is made without its pattern.
  if (pattern !== undefined && !pattern.includes(String.raw`\p{`)) {
    return fc.stringMatching(new RegExp(pattern));
  }
  const short = fc.string({ unit: 'grapheme', maxLength: Math.min(maxLength, TEXT_LENGTH) });
  const longest = fc.constantFrom('x', '茶', '🍵').map((unit) => unit.repeat(maxLength));
  const expression = new RegExp(pattern ?? '', 'u');
  return fc
    .oneof({ weight: 9, arbitrary: short }, { weight: 1, arbitrary: longest })
    .filter((text) => expression.test(text));
}

/** An object with its required fields and some of the others. */
function objectOf(
  { required = [], properties = {}, patternProperties = {} }: Schema,
  fieldOf: FieldOf,
): fc.Arbitrary<Fields> {
  const [fitting] = Object.entries(patternProperties);
  if (fitting !== undefined) {
    const [pattern, field] = fitting;
    return fc.dictionary(textOf({ pattern, maxLength: TEXT_LENGTH }), valueOf(field), {
      maxKeys: ITEMS,
    });
  }
  return fieldsFrom(mapped(properties, fieldOf), required);
}

/** Few of those that may be left out: many filters leave nothing of a list. */
function fieldsFrom(
  fields: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  required: readonly string[],
): fc.Arbitrary<Fields> {
  const absent = { weight: 3, arbitrary: fc.constant(undefined) };
  const maybe = mapped(fields, (name, field) =>
    required.includes(name) ? field : fc.oneof(absent, { weight: 1, arbitrary: field }),
  );
  return fc.record(maybe).map((record) => {
    const present = Object.entries(record).filter(([, value]) => value !== undefined);
    return Object.fromEntries(present);
  });
}

function mapped<Old, New>(
  fields: Readonly<Record<string, Old>>,
  change: (name: string, value: Old) => New,
): Record<string, New> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, change(name, value)]),
  );
}

/** What a field is about, in any operation or in one: things that should be there. */
const ABOUT: Readonly<Record<string, readonly string[]>> = {
  merchant: ['merchant.id'],
  payment: ['payment.id'],
  endpoint: ['webhook_endpoint.id'],
  no: ['dongle.number'],
  created_by: ['api_key.id', 'user.id'],
  actor: ['api_key.id', 'user.id'],
  target: ['payment.id', 'merchant.id', 'api_key.id', 'user.id'],
  token: ['token'],
  totp: ['totp'],
  code: ['totp'],
  app_certificate: ['appCertificate'],
  alipay_certificate: ['alipayCertificate'],
  alipay_root_certificate: ['alipayRootCertificate'],
  'last-event-id': ['event.id'],
  'changeMerchant if-match': ['merchant etag'],
  'changeUser if-match': ['user etag'],
  'createSession name': ['user.name'],
  'putCertificates id': ['certified'],
  'testNextKey id': ['renewing'],
  'activateNextKey id': ['renewing'],
  ...Object.fromEntries(
    ['listPayments', 'getPaymentTotals', 'exportPayments'].map((operationId) => [
      `${operationId} number`,
      ['payment.id', 'refund.id', 'payment.merchant_reference'],
    ]),
  ),
};
/** What should be new, and is sometimes taken. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  'idempotency-key': ['idempotency-key'],
  'createUser name': ['user.name'],
  'createMerchant shop_no': ['merchant.shop_no'],
  'createDongle number': ['dongle.number'],
};
/** Texts of which somebody behind the gateway has an opinion. */
const TELLING: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  // Stories of the simulator (docs/simulator.md).
  auth_code: fc
    .tuple(fc.nat({ max: 9999 }), fc.integer({ min: 1, max: 12 }))
    .map(
      ([buyer, story]) => `28${String(buyer).padStart(12, '0')}${String(story).padStart(4, '0')}`,
    ),
  'if-match': fc.constant('"0"'),
  password: fc.constant('tea at the quiet lake'),
  'createUser name': fc.stringMatching(/^[a-z]{1,4}$/),
  url: fc.constantFrom('https://pms.example/hook', 'ftp://pms.example/', 'nowhere'),
  merchant_reference: fc.constantFrom('A-1', 'A-2'),
  cursor: fc.constantFrom('now', 'AAAA', 'MQ', 'MTc5NTQwNjQwMDAwMCBGRg'),
};

/** The latest, more often than not: so that requests follow from each other. */
const PLACE = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 20 }));

function known(kinds: readonly string[]): fc.Arbitrary<Known> {
  return PLACE.map((place) => new Known(kinds, place));
}

/** A field of a request: what answers told, what the examples show, or what its shape lets through. */
function fieldsOf({ operationId, path }: Operation, examples: readonly unknown[]): FieldOf {
  return (name, schema) => {
    const here = `${operationId} ${name}`;
    const id = name === 'id' ? [`${singular(collectionOf({ path }))}.id`] : undefined;
    const about = ABOUT[here] ?? id ?? ABOUT[name];
    const cursor = name === 'cursor' ? [here] : undefined;
    const taken = TAKEN[here] ?? TAKEN[name] ?? cursor;
    const telling = TELLING[here] ?? TELLING[name];
    const shown = examples.flatMap((example) =>
      isFields(example) && name in example ? [example[name]] : [],
    );
    return fc.oneof(
      { weight: about === undefined ? 3 : 1, arbitrary: valueOf(schema) },
      ...(about === undefined ? [] : [{ weight: 20, arbitrary: known(about) }]),
      ...(taken === undefined ? [] : [{ weight: 2, arbitrary: known(taken) }]),
      ...(telling === undefined ? [] : [{ weight: 6, arbitrary: telling }]),
      ...(shown.length === 0
        ? []
        : [{ weight: about === undefined ? 5 : 1, arbitrary: fc.constantFrom(...shown) }]),
    );
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

export function collectionOf({ path }: Pick<Operation, 'path'>): string {
  return path.split('/')[2] ?? '';
}

function singular(collection: string): string {
  return collection.replace(/ies$/, 'y').replace(/s$/, '');
}

/** `operators`: how often it is the operator, of about a dozen. */
const senders = (operators: number): fc.Arbitrary<Sender> =>
  fc.oneof(
    { weight: operators, arbitrary: fc.constant<Sender>({ kind: 'operator', place: 0 }) },
    ...(['key', 'person'] as const).map((kind) => ({
      weight: 3,
      arbitrary: PLACE.map((place): Sender => ({ kind, place })),
    })),
  );
const SIGNED_IN = fc.oneof(
  { weight: 8, arbitrary: PLACE.map((place): Sender => ({ kind: 'person', place })) },
  { weight: 1, arbitrary: senders(6) },
);
const ANYBODY = fc.constant<Sender>({ kind: 'nobody', place: 0 });

/** Who should send it, or nobody whom the gateway knows. */
function senderOf({ security = [], description }: Operation): fc.Arbitrary<Sender> {
  const needs = security.map((proof) => Object.keys(proof)[0]);
  // Merchants' keys have few of these scopes.
  const operators = /`(?:manage|administer)`/.test(description) ? 18 : 6;
  const fit = needs.includes('api_key')
    ? senders(operators)
    : needs.length === 0
      ? ANYBODY
      : SIGNED_IN;
  return fc.oneof({ weight: 20, arbitrary: fit }, { weight: 1, arbitrary: ANYBODY });
}

/** Parameters of one place in a request. */
function parametersOf(operation: Operation, place: string): fc.Arbitrary<Fields> {
  const { parameters = [], security = [] } = operation;
  const ofPlace = parameters.filter((parameter) => parameter.in === place);
  const fields = ofPlace.map(({ name, schema, examples = {} }) => {
    // A key of an example is soon used.
    const shown =
      place === 'header' ? [] : Object.values(examples).map(({ value }) => ({ [name]: value }));
    return [name, fieldsOf(operation, shown)(name, schema)] as const;
  });
  const isByLink = place === 'query' && security.some((proof) => 'link_token' in proof);
  const required = ofPlace.filter((parameter) => parameter.required).map(({ name }) => name);
  const token = isByLink ? [['token', known(['token'])] as const] : [];
  return fieldsFrom(Object.fromEntries([...fields, ...token]), required);
}

function bodyOf(operation: Operation): fc.Arbitrary<Fields | undefined> {
  const { schema, examples = {} } = operation.requestBody?.content['application/json'] ?? {};
  if (schema === undefined) return fc.constant(undefined);
  const shown = Object.values(examples).map(({ value }) => value as Fields);
  const { properties = {} } = schema as Schema;
  const asShown = (fields: Fields) =>
    fc.record(mapped(fields, (name) => fieldsOf(operation, shown)(name, properties[name]!)));
  return fc.oneof(...shown.map(asShown), objectOf(schema, fieldsOf(operation, shown)));
}

function requestOf(operation: Operation): fc.Arbitrary<Request> {
  return fc.record({
    operationId: fc.constant(operation.operationId),
    sender: senderOf(operation),
    path: parametersOf(operation, 'path'),
    query: parametersOf(operation, 'query'),
    header: parametersOf(operation, 'header'),
    body: bodyOf(operation),
    isTwice: fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, fc.constant(true)),
    spoils: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(spoilOf(operation), { minLength: 1, maxLength: 2 }) },
    ),
  });
}

/** The operations of each collection: those are most likely to have to do with each other. */
export const COLLECTIONS: ReadonlyMap<string, readonly Operation[]> = Map.groupBy(
  OPERATIONS,
  collectionOf,
);

/** Requests of all operations, half of them of these, and many that move money. */
export function requestsOf(operations: readonly Operation[]): fc.Arbitrary<Request> {
  const moving = COLLECTIONS.get('payments') ?? [];
  return fc.oneof(
    ...(
      [
        [3, operations],
        [1, moving],
        [2, OPERATIONS],
      ] as const
    ).map(([weight, some]) => ({
      weight,
      arbitrary: fc.oneof(...some.map(requestOf)),
    })),
  );
}

export function operationOf({ operationId }: Pick<Request, 'operationId'>): Operation {
  const operation = OPERATIONS.find((candidate) => candidate.operationId === operationId);
  if (operation === undefined) throw new Error(`${operationId} is no operation`);
  return operation;
}

/** The call, with what is told for each `Known`, spoilt as the request says. */
export function callOf(request: Request, told: (known: Known) => unknown): V2Call {
  const { method, path } = operationOf(request);
  const entriesOf = (fields: Fields): Entries =>
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Known ? told(value) : value,
    ]);
  const parts = spoilt(
    {
      path: entriesOf(request.path),
      query: entriesOf(request.query),
      header: entriesOf(request.header),
      body: request.body === undefined ? undefined : entriesOf(request.body),
    },
    request.spoils,
  );
  // It would go on for a quarter of an hour.
  if (request.operationId === 'streamEvents') parts.query.push(['life', 1]);
  const filled = parts.path.reduce(
    (left, [name, value]) => left.replace(`{${name}}`, () => encoded(value)),
    path,
  );
  const query = parts.query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  return {
    method,
    path: query === '' ? filled : `${filled}?${query}`,
    headers: Object.fromEntries(parts.header.map(([name, value]) => [name, textIn(value)])),
    idempotencyKey: null,
    body: Array.isArray(parts.body) ? jsonOf(parts.body) : parts.body,
  };
}

function encoded(value: unknown): string {
  return encodeURIComponent(textIn(value).toWellFormed());
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
