import { z } from 'zod';

const schemaRef = z.object({ $ref: z.string() }).optional().catch(undefined);
const content = z.record(z.string(), z.object({ schema: schemaRef })).default({});

const parameterSchema = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().default(false),
  description: z.string().default(''),
  schema: z.record(z.string(), z.unknown()),
});

const operationSchema = z.object({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()).default(['events']),
  security: z.array(z.record(z.string(), z.array(z.string()))).default([{ emit: [] }]),
  parameters: z.array(parameterSchema).default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content })),
});

const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

export interface Parameter {
  name: string;
  where: string;
  required: boolean;
  values: string;
  text: string;
}

/** One route and method, as the page shows it. */
export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  tag: string;
  /** Role of the key; undefined = none is needed. */
  role: string | undefined;
  parameters: Parameter[];
  /** Name of the schema. */
  body: string | undefined;
  responses: { status: string; text: string; schema: string | undefined }[];
}

/** Every operation of an OpenAPI document, in its order. Pure. @throws ZodError when it is none of ours */
export function operationsOf(document: unknown): Operation[] {
  return Object.entries(documentSchema.parse(document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ id: operation.operationId, method: method.toUpperCase(), path, summary: operation.summary },
      tag: operation.tags[0] ?? 'events',
      role: Object.keys(operation.security[0] ?? {})[0],
      parameters: operation.parameters.map(toParameter),
      body: schemaName(operation.requestBody?.content),
      responses: Object.entries(operation.responses).map(([status, { description, content: of }]) => ({
        ...{ status, text: description, schema: schemaName(of) },
      })),
    })),
  );
}

/** Every schema by its name. @throws ZodError */
export function schemasOf(document: unknown): { name: string; schema: unknown }[] {
  const { schemas } = documentSchema.parse(document).components;
  return Object.entries(schemas).map(([name, schema]) => ({ name, schema }));
}

function schemaName(of: z.output<typeof content> | undefined): string | undefined {
  return Object.values(of ?? {})[0]
    ?.schema?.$ref.split('/')
    .at(-1);
}

function toParameter(parameter: z.output<typeof parameterSchema>): Parameter {
  const { name, in: where, required, description, schema } = parameter;
  return { name, where, required, values: valuesOf(schema), text: description };
}

function valuesOf(schema: Record<string, unknown>): string {
  const { enum: words, const: only, type, format, minimum, maximum, default: fallback } = schema;
  const what = Array.isArray(words) ? words.join(', ') : String(only ?? format ?? type ?? '');
  const range = minimum === undefined ? '' : ` ${String(minimum)} to ${String(maximum)}`;
  return `${what}${range}${fallback === undefined ? '' : `; default ${String(fallback)}`}`;
}
