import { PROBLEM_CODES } from '../problems/catalogue.ts';
import { MORE_PROBLEM_CODES } from '../problems/more-problems.ts';
import { errorPage, moreErrorPage } from './error-page.ts';
import { jsonSchemas } from './json-schemas.ts';
import { openapiDocument } from './openapi.ts';

/** The folders that hold nothing but generated files; a file that is not generated any more is removed there. */
export const GENERATED_FOLDERS = ['contract/schema', 'docs/errors'] as const;

/** Every generated file by its path under the root of the repository. The same input gives the same bytes. */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [name, schema] of jsonSchemas()) files.set(`contract/schema/${name}`, printJson(schema));
  files.set('contract/openapi.json', printJson(openapiDocument()));
  for (const code of PROBLEM_CODES) files.set(`docs/errors/${code}.md`, errorPage(code));
  for (const code of MORE_PROBLEM_CODES) files.set(`docs/errors/${code}.md`, moreErrorPage(code));
  return files;
}

function printJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
