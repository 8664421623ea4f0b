/**
 * The generated files of the client, each made from the OpenAPI document as the routes are now; the codes of its errors are
 * those of the table that the answers are made from. `generate-docs.ts` writes them.
 */
import { PROBLEMS } from '../src/api/v2/problem-table.ts';
import type { OpenapiDocument } from './client-document.ts';
import { operationsText } from './client-operations.ts';
import { formatted, shapesText } from './client-shapes.ts';
import { openapiDocument } from './openapi-document.ts';

const PROBLEMS_HEADER = `/**
 * The codes of the errors of the v2 API. Made from the table of errors by \`npm run docs\`; docs/errors.md says what each means.
 */
`;

export async function clientShapes(): Promise<string> {
  return shapesText(await currentDocument());
}

export async function clientOperations(): Promise<string> {
  return operationsText(await currentDocument());
}

export function clientProblems(): Promise<string> {
  const codes = Object.keys(PROBLEMS).map((code) => `'${code}',`);
  return formatted(
    'client/generated/problems.ts',
    `${PROBLEMS_HEADER}
export const PROBLEM_CODES = [${codes.join('\n')}] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];
`,
  );
}

async function currentDocument(): Promise<OpenapiDocument> {
  return JSON.parse(await openapiDocument()) as OpenapiDocument;
}
