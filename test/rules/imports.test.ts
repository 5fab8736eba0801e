import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { importsOf, packageOf, repositoryRoot, sourceFiles } from './source-files.ts';

/** The table of docs/architecture.md, "Who may import whom". Tests may also import contract, runtime and `test`'s own harness. */
const SERVICES = ['contract', 'runtime'];
const ALLOWED: Record<string, readonly string[]> = {
  contract: [],
  runtime: ['contract'],
  sidecar: ['contract', 'runtime'],
  operator: ['contract', 'runtime'],
  load: ['contract', 'runtime'],
  test: ['contract', 'runtime', 'sidecar', 'operator'],
};

const files = sourceFiles();

test('the rules look at a repository that is there', () => {
  expect(files.length).toBeGreaterThan(100);
});

test('packages import only what the table of the architecture allows', () => {
  const broken = files.flatMap((file) => {
    const from = packageOf(file);
    const allowed = from.startsWith('services/') ? SERVICES : (ALLOWED[from] ?? []);
    return importsOf(file)
      .filter((name) => name.startsWith('@scholar/'))
      .map((name) => name.split('/')[1] ?? '')
      .filter((to) => `services/${to}` !== from && to !== from && !allowed.includes(to))
      .map((to) => `${show(file)} imports ${to}`);
  });
  expect(broken).toEqual([]);
});

test('the forwarder never reaches Express', () => {
  const broken = files
    .filter((file) => packageOf(file) === 'sidecar')
    .flatMap((file) => importsOf(file).map((name) => ({ file, name })))
    .filter(({ name }) => /^@scholar\/runtime\/(http|service|auth)$|^express$/.test(name));
  expect(broken).toEqual([]);
});

test('the audit judges from the contract alone', () => {
  const folder = join(repositoryRoot, 'operator', 'src', 'audit');
  const broken = files
    .filter((file) => file.startsWith(`${folder}/`) && !file.endsWith('.test.ts'))
    .flatMap((file) => importsOf(file).map((name) => ({ file, name })))
    .filter(({ file, name }) => name !== '@scholar/contract' && !isInside(file, name, folder));
  expect(broken.map(({ file, name }) => `${show(file)} imports ${name}`)).toEqual([]);
});

test('only operator/src/kube knows the Kubernetes client', () => {
  const folder = join(repositoryRoot, 'operator', 'src', 'kube');
  const broken = files
    .filter((file) => !file.startsWith(`${folder}/`))
    .filter((file) => importsOf(file).includes('@kubernetes/client-node'));
  expect(broken.map(show)).toEqual([]);
});

test('the durable log imports nothing above it', () => {
  const folder = join(repositoryRoot, 'sidecar', 'src', 'outbox');
  const broken = files
    .filter((file) => file.startsWith(`${folder}/`) && !file.endsWith('.test.ts'))
    .flatMap((file) => importsOf(file).map((name) => ({ file, name })))
    .filter(({ file, name }) => name.startsWith('.') && !isInside(file, name, folder));
  expect(broken.map(({ file, name }) => `${show(file)} imports ${name}`)).toEqual([]);
});

test('the contract does no I/O: zod, node:crypto and itself, but for its generator and its vectors', () => {
  const broken = files
    .filter((file) => packageOf(file) === 'contract' && !/\.test\.ts$|\/(generate|golden)\//.test(file))
    .flatMap((file) => importsOf(file).map((name) => ({ file, name })))
    .filter(({ name }) => !name.startsWith('.') && !['zod', 'node:crypto', 'node:buffer'].includes(name));
  expect(broken.map(({ file, name }) => `${show(file)} imports ${name}`)).toEqual([]);
});

test('a package declares every package that it imports; what k6 is to the scripts of load/scenarios, their engine brings', () => {
  const broken = files
    .filter((file) => !/\.test\.ts$|\/testing\/|\/generate\/|^test\//.test(relative(repositoryRoot, file)))
    .flatMap((file) => {
      const manifest = JSON.parse(
        readFileSync(join(repositoryRoot, packageOf(file), 'package.json'), 'utf8'),
      );
      const declared = { ...manifest.dependencies, ...manifest.optionalDependencies, [manifest.name]: '*' };
      return importsOf(file)
        .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
        .map(packageName)
        .filter((name) => !(name in declared) && !(name === 'k6' && show(file).startsWith('load/scenarios/')))
        .map(
          (name) => `${show(file)} imports ${name}, which ${packageOf(file)}/package.json does not declare`,
        );
    });
  expect(broken).toEqual([]);
});

test('only runtime/src/config reads the environment, and nobody mocks a module', () => {
  const rules = [
    {
      sign: /\bprocess\.env\b/,
      except: /runtime\/src\/config\/env\.ts$|\.test\.ts$|^test\/|\/testing\/|rules\//,
    },
    { sign: /\bjest\.(unstable_)?(mock|mockModule|doMock)\(/, except: /rules\// },
  ];
  const broken = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return rules
      .filter(({ sign, except }) => sign.test(text) && !except.test(show(file)))
      .map(({ sign }) => `${show(file)}: ${sign}`);
  });
  expect(broken).toEqual([]);
});

function show(file: string): string {
  return relative(repositoryRoot, file);
}

function isInside(file: string, name: string, folder: string): boolean {
  return name.startsWith('.') && join(file, '..', name).startsWith(`${folder}/`);
}

function packageName(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}
