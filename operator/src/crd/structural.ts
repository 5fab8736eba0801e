import { z } from 'zod';

/** A schema as a CustomResourceDefinition takes it. */
export interface StructuralSchema {
  type: string;
  description?: string;
  properties?: Record<string, StructuralSchema>;
  required?: string[];
  items?: StructuralSchema;
  enum?: unknown[];
  default?: unknown;
  format?: string;
  [keyword: string]: unknown;
}

const COPIED = [
  'description',
  'default',
  'enum',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'nullable',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-validations',
];
/** Said by the structure, or meaningless there: unknown fields are pruned and, in strict mode, refused. */
const DROPPED = ['$schema', 'additionalProperties'];
const TAKEN = ['type', 'properties', 'required', 'items'];

type Json = Record<string, unknown>;

/**
 * Pure: the structural schema of a zod schema, as a writer of the object sees it (defaults make fields optional).
 * @throws Error where the schema says something that a structural schema cannot.
 */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  return structural(z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input' }) as Json, '');
}

function structural(node: Json, path: string): StructuralSchema {
  const where = path === '' ? 'the root' : path;
  const unknown = Object.keys(node).filter((key) => ![...COPIED, ...DROPPED, ...TAKEN].includes(key));
  if (unknown.length > 0)
    throw new Error(`${where}: ${unknown.join(', ')} cannot be said in a structural schema`);
  if (typeof node['type'] !== 'string') throw new Error(`${where} has no type`);
  if (typeof node['additionalProperties'] === 'object')
    throw new Error(`${where}: a map has no place here yet`);
  const copied = Object.fromEntries(
    COPIED.filter((key) => node[key] !== undefined && !isVain(key, node)).map((key) => [key, node[key]]),
  );
  const properties = node['properties'] as Record<string, Json> | undefined;
  return {
    type: node['type'],
    ...copied,
    ...(node['required'] === undefined ? {} : { required: node['required'] as string[] }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, child]) => [key, structural(child, `${path}.${key}`)]),
          ),
        }),
    ...(node['items'] === undefined ? {} : { items: structural(node['items'] as Json, `${path}[]`) }),
  };
}

/** Bounds that only say "an integer of JavaScript", and the pattern by which zod spells out a format. */
function isVain(key: string, node: Json): boolean {
  if (key === 'minimum' || key === 'maximum') return Math.abs(Number(node[key])) === Number.MAX_SAFE_INTEGER;
  return key === 'pattern' && node['format'] !== undefined;
}
