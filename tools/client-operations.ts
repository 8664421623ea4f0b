/**
 * The methods of the client, made from the operations of the OpenAPI document: `client/generated/operations.ts`. How they are
 * named is in `client-document.ts`; how a call is made, in `client/transport.ts`, which is written by hand.
 */
import {
  camel,
  operationsOf,
  pascal,
  singular,
  type ClientOperation,
  type OpenapiDocument,
  type Schema,
} from './client-document.ts';
import { comment, field, formatted, typeAlias, typeOf } from './client-shapes.ts';

const HEADER = `/**
 * One method for each operation of the v2 API, by what it is about. Made from the OpenAPI document by \`npm run docs\`: change the
 * routes, not this file.
 */
`;

/** The whole text of `client/generated/operations.ts`. */
export async function operationsText(document: OpenapiDocument): Promise<string> {
  const operations = operationsOf(document)
    .filter((operation) => !isDownload(operation))
    .map(plan);
  const byResource = Map.groupBy(operations, ({ resource }) => resource);
  const resources = [...byResource].map(([resource, planned]) => resourceText(resource, planned));
  const declared = operations.flatMap(({ types }) => types).join('\n\n');
  const means = ['call', 'listen'].filter((name) => uses(resources.join('\n'), name));
  const body = `${declared}

/** The operations, over a transport. */
export function operationsWith({ ${means.join(', ')} }: Transport) {
  ${resources.join('\n')}
  return { ${[...byResource.keys()].join(', ')} };
}
`;
  const names = Object.keys(document.components.schemas).filter((name) => uses(body, name));
  const imports = [
    importOf('../pages.ts', [
      ...['every', 'follow'].filter((name) => uses(body, name)),
      ...['FollowOptions'].filter((name) => uses(body, name)).map((name) => `type ${name}`),
    ]),
    importOf(
      '../request.ts',
      ['CallOptions', 'KeyedOptions'].filter((name) => uses(body, name)),
      'import type',
    ),
    importOf('../transport.ts', ['Transport'], 'import type'),
    importOf('./shapes.ts', names, 'import type'),
  ];
  return formatted(
    'client/generated/operations.ts',
    `${HEADER}${imports.filter((line) => line !== '').join('\n')}\n\n${body}`,
  );
}

function importOf(from: string, names: readonly string[], how = 'import'): string {
  return names.length === 0 ? '' : `${how} { ${names.join(', ')} } from '${from}';`;
}

/** Whether code, not a comment or a text, has the name. */
function uses(text: string, name: string): boolean {
  const code = text.replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
  return new RegExp(`(?<![\\w.'"])${name}(?![\\w'"])`).test(code);
}

/** Whether it gives a file, which a program saves as it comes: the client hands out what was read. */
export function isDownload({ responses }: ClientOperation): boolean {
  return Object.values(responses).some(({ content = {} }) =>
    Object.keys(content).some((type) => type.includes('spreadsheet')),
  );
}

type Planned = {
  readonly resource: string;
  /** The types that it declares. */
  readonly types: readonly string[];
  /** Its methods, as members of an object. */
  readonly members: Readonly<Record<string, string>>;
};

function resourceText(resource: string, planned: readonly Planned[]): string {
  const members = planned.flatMap(({ members }) => Object.entries(members));
  const names = members.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`client: two methods would be ${resource}.${twice}`);
  return `const ${resource} = {\n${members.map(([, text]) => text).join('\n')}\n};`;
}

function plan(operation: ClientOperation): Planned {
  const { operationId, resource, action, summary = operationId, description } = operation;
  const name = pascal(operationId);
  const body = bodyOf(operation);
  const answer = answerOf(operation);
  const options = optionsOf(operation);
  const types = [
    ...(body === undefined ? [] : [typeAlias(`${name}Body`, body.schema, 'in')]),
    ...(options === undefined ? [] : [`export type ${name}Options = ${options.type};`]),
    ...(answer.own === undefined ? [] : [typeAlias(`${name}Answer`, answer.own)]),
  ];
  const method: Method = {
    path: pathParameters(operation),
    body: body && { type: `${name}Body`, isRequired: body.isRequired },
    options: {
      type: options === undefined ? plainOptions(operation) : `${name}Options`,
      isRequired: options?.isRequired === true,
    },
  };
  const told = [`${summary}.`, ...(description === undefined ? [] : [description])];
  const documented = comment([...told, `@returns ${answer.description}`].join('\n'));
  const made = `${answer.means}(${asCalled(operation)}, ${inputText(method)})`;
  const own = `${documented}${action}: (${parameters(method)}): ${answer.type} => ${made},`;
  return { resource, types, members: { [action]: own, ...listMembers(operation, method, answer) } };
}

/** What a method takes, in this order. */
type Method = {
  readonly path: readonly string[];
  readonly body: { readonly type: string; readonly isRequired: boolean } | undefined;
  readonly options: { readonly type: string; readonly isRequired: boolean };
};

function parameters({ path, body, options }: Method, optionsType = options.type): string {
  return [
    ...path.map((name) => `${name}: string`),
    ...(body === undefined ? [] : [`body: ${body.type}${body.isRequired ? '' : ' | undefined'}`]),
    `options: ${optionsType}${options.isRequired ? '' : ' = {}'}`,
  ].join(', ');
}

function inputText({ path, body }: Method): string {
  const parts = [
    ...(path.length === 0 ? [] : [`path: [${path.join(', ')}]`]),
    ...(body === undefined ? [] : ['body']),
    'options',
  ];
  return `{ ${parts.join(', ')} }`;
}

/** The operation as `client/transport.ts` takes it. */
function asCalled(operation: ClientOperation): string {
  const query = ofKind(operation, 'query').map(({ name }) => name);
  const headers = otherHeaders(operation).map(({ name }) => [camel(name), name]);
  return JSON.stringify({
    method: operation.method,
    path: operation.path,
    ...(query.length === 0 ? {} : { query }),
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) as object }),
    ...(isKeyed(operation) ? { isKeyed: true } : {}),
  });
}

/** A list that has pages can be read to its end; one that can be waited for is a feed, and is followed. */
function listMembers(
  operation: ClientOperation,
  method: Method,
  { own }: Answer,
): Readonly<Record<string, string>> {
  const { resource, action } = operation;
  const query = ofKind(operation, 'query').map(({ name }) => name);
  const { data, next_cursor: next, has_more: hasMore } = own?.properties ?? {};
  const item = data?.items && refOf(data.items);
  if (!query.includes('cursor') || item === undefined || next === undefined) return {};
  const list = (options: string): string =>
    `${resource}.${action}(${[...method.path, options].join(', ')})`;
  const name = `${action}All`;
  const members = {
    [name]: `${comment(`Each of \`${action}\`, page after page.`)}${name}: (${parameters(method)}): AsyncGenerator<${item}, void, undefined> => every((cursor) => ${list('{ ...options, cursor }')}, options.cursor),`,
  };
  if (!query.includes('wait') || hasMore === undefined) return members;
  const followed = parameters(method, `FollowOptions<${method.options.type}>`);
  return {
    ...members,
    follow: `${comment(`Each of \`${action}\`, and then each as it comes, for as long as somebody asks.`)}follow: (${followed}): AsyncGenerator<${item}, void, undefined> => follow((asked) => ${list('{ ...options, ...asked }')}, options),`,
  };
}

const IDEMPOTENCY_KEY = 'idempotency-key';
/** Those that the transport sends by itself. */
const OWN_HEADERS: readonly string[] = [IDEMPOTENCY_KEY, 'last-event-id'];

type Parameters = Pick<ClientOperation, 'parameters'>;

function ofKind({ parameters = [] }: Parameters, kind: string) {
  return parameters.filter((parameter) => parameter.in === kind);
}

function isKeyed(operation: Parameters): boolean {
  return ofKind(operation, 'header').some(({ name }) => name === IDEMPOTENCY_KEY);
}

function otherHeaders(operation: Parameters) {
  return ofKind(operation, 'header').filter(({ name }) => !OWN_HEADERS.includes(name));
}

function plainOptions(operation: Parameters): string {
  return isKeyed(operation) ? 'KeyedOptions' : 'CallOptions';
}

/** Names of what every call takes. */
const TAKEN: readonly string[] = ['signal', 'timeoutMs', 'retryForMs', 'idempotencyKey'];

/** The options of an operation; undefined when it has none of its own. */
function optionsOf(
  operation: ClientOperation,
): { readonly type: string; readonly isRequired: boolean } | undefined {
  const given = [...ofKind(operation, 'query'), ...otherHeaders(operation)];
  if (given.length === 0) return undefined;
  const names = given.map(({ in: kind, name }) => (kind === 'query' ? name : camel(name)));
  const clash = names.find((name, index) => TAKEN.includes(name) || names.indexOf(name) < index);
  if (clash !== undefined) {
    throw new Error(`client: ${operation.operationId} has two options named ${clash}`);
  }
  const fields = given.map(({ required = false, description, schema }, index) =>
    field({
      name: names[index] ?? '',
      type: typeOf(schema, 'in'),
      isRequired: required,
      description,
      direction: 'in',
    }),
  );
  return {
    type: `${plainOptions(operation)} & {\n${fields.join('\n')}\n}`,
    isRequired: given.some(({ required }) => required === true),
  };
}

/** `id` of what the operation is about, and `paymentId` of what that is a part of. */
function pathParameters({ path, resource, operationId }: ClientOperation): readonly string[] {
  const names = [...path.matchAll(/(\w+)\/\{(\w+)\}/g)].map(([, owner = '', name = '']) =>
    camel(owner) === resource ? camel(name) : camel(`${singular(owner)}_${name}`),
  );
  if (new Set(names).size === names.length) return names;
  throw new Error(`client: ${operationId} has two parameters of one name`);
}

function bodyOf({ requestBody, operationId }: ClientOperation) {
  if (requestBody === undefined) return undefined;
  const schema = requestBody.content['application/json']?.schema;
  if (schema === undefined) throw new Error(`client: the body of ${operationId} is no JSON`);
  return { schema, isRequired: requestBody.required === true };
}

type Answer = {
  readonly description: string;
  /** What of the transport makes it. */
  readonly means: 'call' | 'listen';
  /** Of what the method gives. */
  readonly type: string;
  /** A shape that is this operation's alone. */
  readonly own?: Schema;
};

function answerOf({ responses, operationId }: ClientOperation): Answer {
  const successes = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, success]) => success);
  const full = successes.filter(({ content }) => content !== undefined);
  const [{ description, content } = successes[0] ?? {}] = full;
  if (description === undefined || full.length > 1) {
    throw new Error(`client: ${operationId} must have one success that says something`);
  }
  if (content === undefined) return { description, means: 'call', type: 'Promise<void>' };
  const schema = content['application/json']?.schema;
  if (schema !== undefined) {
    const name = refOf(schema) ?? `${pascal(operationId)}Answer`;
    const orNothing = successes.length > 1 ? ' | undefined' : '';
    const own = schema.$ref === undefined ? { own: schema } : {};
    return { description, means: 'call', type: `Promise<${name}${orNothing}>`, ...own };
  }
  const stream = content['text/event-stream']?.schema;
  if (stream !== undefined) {
    const type = `AsyncGenerator<${itemOf(stream, operationId)}, void, undefined>`;
    return { description, means: 'listen', type };
  }
  throw new Error(`client: ${operationId} answers with ${Object.keys(content).join()}`);
}

/** What each event of a stream holds: the schema is of the stream's text, and only its description tells. */
function itemOf(stream: Schema, operationId: string): string {
  const named = [...(stream.description ?? '').matchAll(/`([A-Z]\w+)`/g)].map(([, name]) => name);
  const name = refOf(stream) ?? (named.length === 1 ? named[0] : undefined);
  if (name !== undefined) return name;
  throw new Error(`client: the description of what ${operationId} gives must name one shape`);
}

function refOf({ $ref }: Schema): string | undefined {
  return $ref?.replace('#/components/schemas/', '');
}
