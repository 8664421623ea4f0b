/**
 * Puts the examples that stand beside the routes into the OpenAPI document: each under its name, at the parameters and the body of
 * the request and at the answer. `openapi-document.ts` makes everything else of it.
 */
import type { Example, Examples, Words } from '../src/api/v2/operation.ts';

type Named = Record<string, { summary?: string; 'x-summary-zh'?: string; value: unknown }>;
type Content = Record<string, { examples?: Named }>;

/** What is filled in of an operation. */
export type ExampledOperation = {
  readonly operationId?: string;
  readonly parameters?: readonly { in: string; name: string; examples?: Named }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
};

/** Where the parts of an example are in the document, by what `in` says there. */
const PART_OF = { path: 'params', query: 'query', header: 'headers' } as const;

/** Fills in the examples of an operation. Throws for one that says what the operation does not take. */
export function putExamples(operation: ExampledOperation, examples: Examples): void {
  const { operationId, parameters = [], requestBody, responses } = operation;
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  for (const [name, example] of Object.entries(examples)) {
    for (const unknown of unknownPartsOf(example, parameters)) {
      throw new Error(`${operationId}: the example ${name} has ${unknown}, which is no parameter`);
    }
    for (const parameter of parameters) {
      const value = partsIn(example, parameter.in)[parameter.name];
      if (value !== undefined) (parameter.examples ??= {})[name] = { value };
    }
    if (example.body !== undefined) put(requestBody?.content, name, example.body, example.summary);
    put(success?.content, name, example.answer, example.summary);
  }
}

function partsIn(example: Example, place: string): Readonly<Record<string, string | number>> {
  const part = Object.entries(PART_OF).find(([name]) => name === place)?.[1];
  return (part && example[part]) ?? {};
}

function unknownPartsOf(
  example: Example,
  parameters: readonly { in: string; name: string }[],
): readonly string[] {
  const known = new Set(parameters.map(({ in: place, name }) => `${place} ${name}`));
  return Object.keys(PART_OF)
    .flatMap((place) => Object.keys(partsIn(example, place)).map((name) => `${place} ${name}`))
    .filter((part) => !known.has(part));
}

function put(content: Content | undefined, name: string, value: unknown, summary?: Words): void {
  // A text is of the first type that there is: of another one, the same would look otherwise.
  const all = Object.values(content ?? {});
  for (const media of typeof value === 'string' ? all.slice(0, 1) : all) {
    const words = summary && { summary: summary.en, 'x-summary-zh': summary.zh };
    (media.examples ??= {})[name] = { ...words, value };
  }
}
