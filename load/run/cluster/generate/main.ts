/** Writes k8s/k6: the objects of `make load-job` and of k6-operator, for whoever has kubectl alone. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadObjects } from '../job.ts';
import { loadPolicy } from '../policy.ts';
import { scriptsConfigMap, testRun } from '../test-run.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** The k6 that the types of our scripts are of. */
const { version: k6 } = JSON.parse(readFileSync(join(root, 'node_modules/@types/k6/package.json'), 'utf8'));
const K6_IMAGE = `grafana/k6:${k6}`;
const shared = { profile: 'smoke', remoteWriteUrl: undefined } as const;

write(
  'job.yaml',
  "A load from inside of the cluster, by our runner. `make load-job` fills in A8's image and waits for the verdict.",
  loadObjects({
    ...{ ...shared, image: `scholar:${version}`, pullSecrets: [], k6Image: undefined, lasts: undefined },
    writeP95Ms: undefined,
    ...{ databaseSecret: 'auto-com-center-app', caSecret: undefined, prometheusNamespace: 'monitoring' },
  }),
);

const scenarios = join(root, 'load', 'scenarios');
const paths = globSync(['*.ts', 'parts/*.ts'], { cwd: scenarios })
  .filter((path) => !/\.test\.ts$|\.d\.ts$/.test(path))
  .sort();
const files = new Map(paths.map((path) => [path, readFileSync(join(scenarios, path), 'utf8')]));
write('testrun.yaml', 'The same for k6-operator: the scripts, a way for the pods, and the TestRun.', [
  scriptsConfigMap(files),
  loadPolicy('monitoring', 'k6-operator-system'),
  testRun({ ...shared, k6Image: K6_IMAGE, paths }),
]);

function write(name: string, about: string, objects: readonly object[]): void {
  const head = `# ${about}\n# Written by \`npm run generate\` from load/run/cluster; README.md beside it says how it is used.\n`;
  const documents = objects.map((object) =>
    stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }),
  );
  writeFileSync(join(root, 'k8s', 'k6', name), head + documents.join('---\n'));
}
