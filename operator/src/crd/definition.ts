import { GROUP, KIND, PLURAL, SHORT_NAME, VERSION } from './names.ts';
import { specSchema } from './spec.ts';
import { statusSchema } from './status.ts';
import { type StructuralSchema, structuralSchema } from './structural.ts';

const count = (name: string, jsonPath: string, description: string, priority = 0) => ({
  name,
  type: 'integer',
  jsonPath,
  description,
  priority,
});

/** Columns of `kubectl get tt`; those behind AGE only with `-o wide`. */
export const PRINTER_COLUMNS = [
  count('GREEN', '.status.summary.green', 'Rows that are green.'),
  count('RED', '.status.summary.red', 'Rows that are red.'),
  count('UNKNOWN', '.status.summary.unknown', 'Rows that nobody could look at.'),
  count('P95', '.status.p95WriteMs', 'P95 of the writes to A8, milliseconds.'),
  {
    name: 'AGE',
    type: 'date',
    jsonPath: '.metadata.creationTimestamp',
    description: 'Since it was created.',
    priority: 0,
  },
  {
    name: 'READY',
    type: 'string',
    jsonPath: ".status.conditions[?(@.type=='Ready')].reason",
    description: 'Reason of the condition Ready.',
    priority: 1,
  },
  count('GUARDS', '.status.guards.kept', 'Guards of A8 that were kept at the last try.', 1),
  count('BROKEN', '.status.guards.failed', 'Guards of A8 that were not.', 1),
  {
    name: 'LAST DRILL',
    type: 'date',
    jsonPath: '.status.lastDrill.at',
    description: 'Since the last outage drill began.',
    priority: 1,
  },
  {
    name: 'DRILL OK',
    type: 'boolean',
    jsonPath: '.status.lastDrill.ok',
    description: 'Whether everything that it was acknowledged became a row.',
    priority: 1,
  },
];

/** The schemas of both halves of a TruthTable. */
export function truthTableSchemas(): { spec: StructuralSchema; status: StructuralSchema } {
  return { spec: structuralSchema(specSchema), status: structuralSchema(statusSchema) };
}

/** The CustomResourceDefinition, as it is applied. */
export function truthTableDefinition() {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${PLURAL}.${GROUP}`,
      labels: { 'app.kubernetes.io/part-of': 'scholar' },
    },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: {
        kind: KIND,
        listKind: `${KIND}List`,
        plural: PLURAL,
        singular: KIND.toLowerCase(),
        shortNames: [SHORT_NAME],
        categories: ['scholar'],
      },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: PRINTER_COLUMNS,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: 'Green or not, by evidence: one row for each of A1 to A7.',
              required: ['spec'],
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                ...truthTableSchemas(),
              },
            },
          },
        },
      ],
    },
  };
}
