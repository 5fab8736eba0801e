import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { valuesSchema } from './values-schema.ts';

const VALUES = `# @schema {"enum": ["a", "b"]}
# -- Which one.
kind: a

outbox:
  # -- Bytes of it,
  # at most.
  maxBytes: 1024
  # -- Keep it.
  enabled: true
# -- What you like.
settings: {}
# @schema {"additionalProperties": true}
# -- Open.
global:
  # -- Where from.
  registry: ""
`;

test('types come from defaults, descriptions and limits from comments, and maps of ours are closed', () => {
  const validate = new Ajv().compile(valuesSchema(VALUES, 'test'));
  const good = { kind: 'b', outbox: { maxBytes: 1 }, settings: { A: '1' }, global: { other: 1 } };
  expect(validate(good)).toBe(true);
  for (const bad of [{ kind: 'c' }, { outbox: { maxBytes: 'x' } }, { outbox: { typo: 1 } }, { typo: 1 }])
    expect(validate(bad)).toBe(false);
  expect(valuesSchema(VALUES, 'test').properties?.['outbox']?.properties?.['maxBytes']?.description).toBe(
    'Bytes of it, at most.',
  );
});

test('a value without a description is refused by name', () => {
  expect(() => valuesSchema('replicas: 1\n', 'test')).toThrow('replicas: no description');
});

test.each(['service', 'hub', 'operator', 'scholar'])(
  'the schema of charts/%s is what its values.yaml says',
  (chart) => {
    const read = (name: string) => readFileSync(new URL(`../${chart}/${name}`, import.meta.url), 'utf8');
    const schema = valuesSchema(read('values.yaml'), `Values of charts/${chart}`);
    expect(JSON.parse(read('values.schema.json'))).toEqual(schema);
  },
);

test('what the charts share is the same text in each', () => {
  const [service, hub, scholar] = ['service', 'hub', 'scholar'].map((chart) =>
    readFileSync(new URL(`../${chart}/templates/_shared.tpl`, import.meta.url), 'utf8'),
  );
  expect([hub, scholar]).toEqual([service, service]);
});
