/**
 * The OpenAPI document as the client's generator reads it, and what each operation is called there: `createPayment` is
 * `payments.create`. A name follows from the operation's id and path, so a new operation needs nothing here; one that no rule
 * names, or two with one name, end the generator.
 */

export type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly description?: string;
};

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

type Parameter = {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
};

type DocumentedOperation = {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Content }>
  >;
};

export type OpenapiDocument = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

/** An operation with its place in the client: `client.payments.create`. */
export type ClientOperation = DocumentedOperation & {
  readonly method: string;
  readonly path: string;
  readonly resource: string;
  readonly action: string;
};

export function operationsOf(document: OpenapiDocument): readonly ClientOperation[] {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      ...nameOf(operation.operationId, path),
      method: method.toUpperCase(),
      path,
    })),
  );
  const byName = Map.groupBy(operations, ({ resource, action }) => `${resource}.${action}`);
  for (const [name, same] of byName) {
    if (same.length === 1) continue;
    const ids = same.map(({ operationId }) => operationId).join(' and ');
    throw new Error(`client: ${ids} would both be ${name}: rename one of them`);
  }
  return operations;
}

type Name = { readonly resource: string; readonly action: string };

/**
 * `verbNoun` under `/v2/collection/{id}/part`. The noun is the singular or plural of a collection in the path, the last one
 * first (`createRefund` under `/payments/{id}/refunds`); or begins with the first collection's (`listMerchantKeys`:
 * `merchants.listKeys`); or the path ends in words that begin with the verb (`rotate_secret`).
 */
export function nameOf(operationId: string, path: string): Name {
  const [, verb = '', noun = ''] = /^([a-z]+)([A-Z]\w*)$/.exec(operationId) ?? [];
  const words = path.split('/').filter((part) => /^[a-z][a-z_]*$/.test(part));
  const collection = words[0] ?? '';
  const last = words.at(-1) ?? '';
  if (verb !== '' && path.startsWith('/v2/') && collection !== '') {
    const named = words.findLast((word) => [pascal(word), pascal(singular(word))].includes(noun));
    if (named !== undefined) return { resource: camel(named), action: verb };
    const one = pascal(singular(collection));
    if (noun.startsWith(one)) {
      return { resource: camel(collection), action: `${verb}${noun.slice(one.length)}` };
    }
    if (last !== collection && last.startsWith(verb)) {
      return { resource: camel(collection), action: camel(last) };
    }
  }
  throw new Error(
    `client: no name for ${operationId} at ${path}: its id must be a verb and the noun of the path`,
  );
}

export function singular(plural: string): string {
  return plural.endsWith('ies') ? `${plural.slice(0, -3)}y` : plural.replace(/s$/, '');
}

/** `webhook_endpoints` and `if-match` in camel case. */
export function camel(words: string): string {
  return words.replaceAll(/[_-]([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

export function pascal(words: string): string {
  const name = camel(words);
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
