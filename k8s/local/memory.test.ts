import { join } from 'node:path';
import { StandIns } from '../../test/harness/stand-ins.ts';

const MEMORY = join(import.meta.dirname, 'memory');
const pod = (namespace: string, name: string, mib: number) => ({
  podRef: { namespace, name },
  memory: { workingSetBytes: mib * 2 ** 20 },
});
const summary = (...pods: object[]) => JSON.stringify({ pods }, null, 1);

const ANSWERS = `
  'kubectl get nodes'*) echo 'one two' ;;
  'kubectl get --raw /api/v1/nodes/one/'*) echo '${summary(pod('scholar', 'small', 40), pod('other', 'alien', 500))}' ;;
  'kubectl get --raw /api/v1/nodes/two/'*) echo '${summary(pod('scholar', 'large', 100))}' ;;
`;

let standIns: StandIns;

beforeEach(async () => {
  standIns = await StandIns.make(['kubectl'], ANSWERS, { tr: 'tr' });
});

afterEach(() => standIns.remove());

test('adds up the pods of one namespace over all nodes, the largest first', async () => {
  const { code, stdout } = await standIns.run(MEMORY, []);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(/\s{2,}/u));
  expect(lines).toEqual([
    ['large', '100 MiB'],
    ['small', '40 MiB'],
    ['2 pods', '140 MiB'],
  ]);
  expect(code).toBe(0);
});

test('a namespace without pods is an error, not zero', async () => {
  const { code, stderr } = await standIns.run(MEMORY, ['empty']);
  expect(stderr).toContain('no pod runs in empty');
  expect(code).not.toBe(0);
});
