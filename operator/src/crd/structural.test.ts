import { z } from 'zod';
import { truthTableDefinition } from './definition.ts';
import { listMap, withRules } from './fields.ts';
import { type StructuralSchema, structuralSchema } from './structural.ts';

test('what the API server knows by itself is left out, what it needs is kept', () => {
  const schema = z.strictObject({
    at: z.iso.datetime({ offset: true }).describe('When.'),
    count: z.int(),
    share: z.int().min(1).max(9).default(3),
    items: listMap(z.array(z.strictObject({ name: z.string() })), 'name').optional(),
  });
  expect(structuralSchema(schema)).toEqual({
    type: 'object',
    required: ['at', 'count'],
    properties: {
      at: { type: 'string', format: 'date-time', description: 'When.' },
      count: { type: 'integer' },
      share: { type: 'integer', minimum: 1, maximum: 9, default: 3 },
      items: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['name'],
        items: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
      },
    },
  });
});

test('rules stay where they were attached, beside the description', () => {
  const schema = withRules(z.string().describe('A name.'), {
    rule: "self != ''",
    message: 'must say something',
  });
  expect(structuralSchema(schema)).toEqual({
    type: 'string',
    description: 'A name.',
    'x-kubernetes-validations': [{ rule: "self != ''", message: 'must say something' }],
  });
});

test.each([
  ['a choice of types', z.strictObject({ a: z.union([z.string(), z.int()]) }), '.a: anyOf'],
  ['a map', z.strictObject({ a: z.record(z.string(), z.string()) }), '.a: a map'],
  ['anything', z.strictObject({ a: z.unknown() }), '.a has no type'],
])('%s is refused with its place, since a structural schema cannot say it', (_what, schema, place) => {
  expect(() => structuralSchema(schema)).toThrow(place);
});

test('every field of a TruthTable is described, and every text and list bounded, as the cost of its rules demands', () => {
  const [version] = truthTableDefinition().spec.versions;
  const { spec, status } = (version?.schema.openAPIV3Schema.properties ?? {}) as Record<
    string,
    StructuralSchema
  >;
  const fields = [...fieldsOf(spec, 'spec'), ...fieldsOf(status, 'status')];
  expect(fields.length).toBeGreaterThan(60);
  const faults = fields.flatMap(([path, field]) => {
    const unbounded =
      (field.type === 'string' && !field.enum && !field.format && field['maxLength'] === undefined) ||
      (field.type === 'array' && field['maxItems'] === undefined);
    // The items of a list are described by the list.
    return [
      ...(field.description === undefined && !path.endsWith('[]') ? [`${path} has no description`] : []),
      ...(unbounded ? [`${path} has no bound`] : []),
    ];
  });
  expect(faults).toEqual([]);
});

function fieldsOf(schema: StructuralSchema | undefined, path: string): [string, StructuralSchema][] {
  if (schema === undefined) return [];
  return [
    [path, schema],
    ...fieldsOf(schema.items, `${path}[]`),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) => fieldsOf(child, `${path}.${name}`)),
  ];
}
