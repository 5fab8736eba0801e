import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Schema = {
  type?: string;
  format?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-embedded-resource'?: boolean;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
};

/**
 * JSON Schemas for `kubeconform -strict` out of a cluster's own OpenAPI (v2), so that nothing is fetched: one file of
 * definitions, and a small one for each kind.
 * @returns the -schema-location template of the folder.
 */
export function writeApiSchemas(openapi: string, folder: string): string {
  const { definitions } = JSON.parse(openapi) as { definitions: Record<string, Schema> };
  const strict = mapValues(definitions, closed);
  writeFileSync(join(folder, '_definitions.json'), JSON.stringify({ definitions: strict }));
  for (const [name, definition] of Object.entries(definitions)) {
    for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
      const file = [kind, group.split('.')[0], version].filter((part) => part !== '').join('-');
      const schema = { $ref: `_definitions.json#/definitions/${name}` };
      writeFileSync(join(folder, `${file.toLowerCase()}.json`), JSON.stringify(schema));
    }
  }
  return join(folder, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
}

/**
 * Unknown fields are an error, also in what a custom resource nests without a definition of its own; a number where
 * Kubernetes takes either is none.
 */
export function closed(schema: Schema): Schema | Record<string, unknown> {
  if (schema.format === 'int-or-string' || schema['x-kubernetes-int-or-string'] === true)
    return { oneOf: [{ type: 'string' }, { type: 'integer' }] };
  const { properties, items, additionalProperties, ...rest } = schema;
  const open =
    properties === undefined ||
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema['x-kubernetes-embedded-resource'] === true;
  return {
    ...rest,
    ...(properties && { properties: mapValues(properties, closed) }),
    ...(items && { items: closed(items) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: closed(additionalProperties) }
      : additionalProperties !== undefined && { additionalProperties }),
    ...(!open && additionalProperties === undefined && { additionalProperties: false }),
  };
}

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
