import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { writeRules } from '../slo/write-rules.ts';
import { valuesSchema } from './values-schema.ts';

/** Writes charts/<chart>/values.schema.json and the rules of the objectives. */
const CHARTS = ['service', 'hub', 'operator', 'scholar'];

for (const chart of CHARTS) {
  const folder = new URL(`../${chart}/`, import.meta.url);
  const schema = valuesSchema(
    readFileSync(new URL('values.yaml', folder), 'utf8'),
    `Values of charts/${chart}`,
  );
  writeFileSync(new URL('values.schema.json', folder), `${JSON.stringify(schema, null, 2)}\n`);
}
process.stdout.write(`${CHARTS.length} files generated: charts/*/values.schema.json\n`);

const rules = writeRules(fileURLToPath(new URL('../../', import.meta.url)));
process.stdout.write(`${rules.length} files generated: ${rules.join(', ')}\n`);
