import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeApiSchemas } from './api-schemas.ts';
import { byApi, objectNames, withoutRandom } from './manifests.ts';
import { REFUSALS } from './refusals.ts';

/**
 * `make charts-verify`: what a chart must pass before anybody installs it. Needs .tools/bin on the PATH. With
 * --cluster every object also goes through kubeconform with its schemas, and through its API server
 * (dry run, strict, server-side apply). With --every-api it is a failure when the cluster does not serve what a chart may use.
 */
const charts = join(import.meta.dirname, '..');
const CHARTS = ['service', 'hub', 'operator', 'scholar'];
const HELMS = ['helm3', 'helm4'];
const APIS = ['monitoring.coreos.com/v1', 'bitnami.com/v1alpha1', 'gateway.networking.k8s.io/v1'];
/** Made for the dry runs, and deleted. It enforces Pod Security "restricted". */
const NAMESPACE = `scholar-charts-${process.pid}`;

const scratch = mkdtempSync(join(tmpdir(), 'scholar-charts-'));
const failures: string[] = [];
const cluster = clusterFacts();
try {
  if (cluster !== undefined)
    for (const [api, manifest] of Object.entries(REFUSALS)) checkRefusal(api, manifest);
  for (const chart of CHARTS) {
    step(`unit tests of ${chart}`, () => run('helm-unittest', [join(charts, chart)]));
    for (const values of valuesFiles(chart)) checkValues(chart, values);
  }
  step('README.md files are what helm-docs writes', checkReadmes);
} finally {
  if (cluster !== undefined) run('kubectl', ['delete', 'namespace', NAMESPACE, '--wait=false']);
  rmSync(scratch, { recursive: true, force: true });
}
console.log(failures.length === 0 ? 'The charts are in order.' : `${failures.length} checks failed.`);
process.exitCode = failures.length === 0 ? 0 : 1;

function valuesFiles(chart: string): string[] {
  const ci = readdirSync(join(charts, chart, 'ci')).map((name) => join(charts, chart, 'ci', name));
  return chart === 'scholar' ? [...ci, join(charts, chart, 'values-dev.yaml')] : ci;
}

function checkValues(chart: string, values: string): void {
  const name = `${chart} with ${values.slice(charts.length + 1)}`;
  step(`lint: ${name}`, () => run('helm4', ['lint', '--quiet', join(charts, chart), '-f', values]));
  const rendered = new Map<string, string>();
  for (const helm of HELMS)
    step(`${helm} renders ${name}`, () => rendered.set(helm, render(helm, { chart, values })));
  const manifest = rendered.get('helm4');
  if (manifest === undefined) return;
  step(`Helm 3 and 4 agree on ${name}`, () =>
    equal(withoutRandom(rendered.get('helm3') ?? ''), withoutRandom(manifest)),
  );
  step(`the release's name is in no object's name: ${name}`, () =>
    equal(
      objectNames(manifest).join('\n'),
      objectNames(render('helm4', { chart, values, release: 'other' })).join('\n'),
    ),
  );
  if (cluster === undefined) return;
  const { known, unknown } = byApi(manifest, cluster.served);
  for (const api of unknown) leftOut(name, api);
  const file = join(scratch, 'manifest.yaml');
  writeFileSync(file, known);
  step(`kubeconform -strict: ${name}`, () =>
    run('kubeconform', ['-strict', '-schema-location', cluster.schemas, file]),
  );
  step(`the API server takes ${name}`, () => dryRun(file));
}

/** The cluster's own checks are only worth something when they refuse what is wrong. */
function checkRefusal(api: string, manifest: string): void {
  if (cluster?.served.has(api) !== true) return;
  const file = join(scratch, 'refused.yaml');
  writeFileSync(file, manifest);
  step(`kubeconform refuses an unknown field of ${api}`, () =>
    refused(() => run('kubeconform', ['-strict', '-schema-location', cluster.schemas, file])),
  );
  step(`the API server refuses an unknown field of ${api}`, () => refused(() => dryRun(file)));
}

function refused(check: () => unknown): void {
  try {
    check();
  } catch {
    return;
  }
  throw new Error('it was taken');
}

function leftOut(name: string, api: string): void {
  const told = `objects of ${api} in ${name}: the cluster does not serve it`;
  if (!process.argv.includes('--every-api')) console.log(`      left out: ${told}`);
  else
    step(`nothing is left out of ${name}`, () => {
      throw new Error(told);
    });
}

function render(helm: string, what: { chart: string; values: string; release?: string }): string {
  const { chart, values, release = 'scholar' } = what;
  const apis = APIS.flatMap((api) => ['--api-versions', api]);
  const flags = ['-n', NAMESPACE, '-f', values, '--kube-version', '1.37.0', ...apis];
  return run(helm, ['template', release, join(charts, chart), ...flags]);
}

/** What the cluster of the kubeconfig serves, and the schemas of that. Without one nothing is fetched in its place. */
function clusterFacts(): { served: ReadonlySet<string>; schemas: string } | undefined {
  if (!process.argv.includes('--cluster')) {
    console.log(
      'left out: kubeconform and the dry run, which need the API of a cluster (KUBECONFIG, --cluster)',
    );
    return undefined;
  }
  run('kubectl', ['create', 'namespace', NAMESPACE]);
  const security = ['enforce', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`);
  run('kubectl', ['label', 'namespace', NAMESPACE, ...security]);
  const schemas = writeApiSchemas(run('kubectl', ['get', '--raw', '/openapi/v2']), scratch);
  return { served: new Set(run('kubectl', ['api-versions']).split('\n')), schemas };
}

/**
 * Not only valid: refused is also what stands twice, as by Helm 4's apply, and a pod that is not restricted. Who owns a field is
 * not the question: the definition of TruthTable outlives the release that installed it, and is then Helm's.
 */
function dryRun(file: string): void {
  const flags = ['--server-side', '--force-conflicts', '--dry-run=server', '--validate=strict', '-f', file];
  const { status, stderr } = spawnSync('kubectl', ['apply', ...flags], { encoding: 'utf8' });
  if (status !== 0 || stderr.includes('would violate PodSecurity')) throw new Error(stderr.trim());
}

function checkReadmes(): void {
  const before = CHARTS.map((chart) => readFileSync(join(charts, chart, 'README.md'), 'utf8'));
  const flags = ['--sort-values-order', 'file', '--log-level', 'warning'];
  for (const [index, chart] of CHARTS.entries()) {
    const folder = join(charts, chart);
    run('helm-docs', [
      '--chart-search-root',
      folder,
      '--template-files',
      'README.md.gotmpl',
      '--output-file',
      'README.check.md',
      ...flags,
    ]);
    const written = readFileSync(join(folder, 'README.check.md'), 'utf8');
    rmSync(join(folder, 'README.check.md'));
    if (written !== before[index])
      throw new Error(`charts/${chart}/README.md is old: run \`make charts-readme\``);
  }
}

function step(name: string, check: () => unknown): void {
  try {
    check();
    console.log(`ok    ${name}`);
  } catch (error) {
    failures.push(name);
    console.error(`FAIL  ${name}\n${error instanceof Error ? error.message : String(error)}`);
  }
}

function equal(one: string, other: string): void {
  if (one === other) return;
  const lines = other.split('\n');
  const at = one.split('\n').findIndex((line, index) => line !== lines[index]);
  throw new Error(
    `they differ in line ${at + 1}:\n  ${one.split('\n')[at] ?? '(end)'}\n  ${lines[at] ?? '(end)'}`,
  );
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  if (status !== 0) throw new Error((stderr + stdout).trim());
  return stdout;
}
