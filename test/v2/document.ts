/**
 * The OpenAPI document as a witness: what it says of an operation's answers is asked of every answer that a test gets. A status
 * or a field that it does not know fails the test, also where the document lets a client expect more.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import document from '../../docs/openapi.json' with { type: 'json' };

type Json = { readonly [name: string]: unknown };
type Named = Readonly<Record<string, { readonly value: unknown }>>;
type Content = Readonly<Record<string, { readonly schema: Json; readonly examples?: Named }>>;
type DocumentedOperation = {
  readonly operationId: string;
  readonly tags: readonly [string];
  readonly summary: string;
  /** Begins with the scope that it needs. */
  readonly description: string;
  readonly 'x-summary-zh': string;
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
    readonly schema: Json;
    readonly examples?: Named;
  }[];
  readonly requestBody?: { readonly content: Content };
  /** How a caller proves who he is. */
  readonly security?: readonly Readonly<Record<string, readonly never[]>>[];
  readonly responses: Readonly<
    Record<
      string,
      {
        /** Of a problem: its codes, each in backquotes. */
        readonly description: string;
        readonly content?: Content;
      }
    >
  >;
};

export type Operation = DocumentedOperation & {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** With `{id}` where the request has one. */
  readonly path: string;
};

export const OPERATIONS: readonly Operation[] = Object.entries(document.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...(operation as unknown as DocumentedOperation),
      method: method.toUpperCase() as Operation['method'],
      path,
    })),
);

const PROBLEM_TYPE = 'application/problem+json';

/** The codes of the problems that an operation may answer with. */
export function problemsOf({ responses }: Operation): readonly string[] {
  return Object.values(responses)
    .filter(({ content }) => content?.[PROBLEM_TYPE] !== undefined)
    .flatMap(({ description }) => [...description.matchAll(/`(\w+)`/g)].map(([, code]) => code!));
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'document', components: closed(document.components) });

/** Every object with named fields takes no others. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [name, closed(value)]),
  );
  const isShape = inner['type'] === 'object' && inner['properties'] !== undefined;
  return isShape ? { ...inner, additionalProperties: false } : inner;
}

const checks = new Map<string, (value: unknown) => readonly string[]>();

/** A check of a schema of the document; says what is wrong. */
export function checkOf(name: string, schema: Json): (value: unknown) => readonly string[] {
  const known = checks.get(name);
  if (known !== undefined) return known;
  const text = JSON.stringify(closed(schema)).replaceAll('"#/components', '"document#/components');
  const validate = ajv.compile(JSON.parse(text) as object);
  const check = (value: unknown): readonly string[] =>
    validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  checks.set(name, check);
  return check;
}

export function operationAt(method: string, url: string): Operation | undefined {
  const path = url.split('?')[0] ?? '';
  // A path that is one word by word goes before one with a parameter in it, as it does where requests arrive.
  return OPERATIONS.filter(
    (operation) =>
      operation.method === method &&
      new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  ).toSorted((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')))[0];
}

/** What the document does not say of this answer; empty when it says all of it. */
export function undocumented(
  method: string,
  url: string,
  {
    status,
    type,
    body,
  }: { readonly status: number; readonly type: string; readonly body: unknown },
): readonly string[] {
  const operation = operationAt(method, url);
  if (operation === undefined) return status >= 500 ? [`${method} ${url} is no operation`] : [];
  const documented = operation.responses[String(status)];
  if (documented === undefined) return [`${operation.operationId} does not know status ${status}`];
  const { content } = documented;
  if (content === undefined)
    return body === '' ? [] : [`${operation.operationId} ${status} is empty`];
  const mediaType = type.split(';')[0] ?? '';
  const schema = content[mediaType]?.schema;
  if (schema === undefined)
    return [`${operation.operationId} ${status} does not know ${mediaType}`];
  const { code } = body as { readonly code?: unknown };
  if (mediaType === PROBLEM_TYPE && !problemsOf(operation).includes(String(code)))
    return [`${operation.operationId} does not know ${String(code)}`];
  return checkOf(`${operation.operationId} ${status}`, schema)(body);
}
