import { doctorText } from './doctor.ts';

const PLAIN = { color: false };

test('what is to be done stands below the table, for each line that is not ok', () => {
  const text = doctorText(
    [
      { name: 'Kubernetes', state: 'ok', detail: 'v1.32.4', todo: 'nothing' },
      { name: 'volumes', state: 'fail', detail: 'data-0 Pending', todo: 'kubectl describe pvc' },
      { name: 'nodes', state: 'unknown', detail: 'the right is missing' },
    ],
    PLAIN,
  );
  expect(text).toContain('FAIL');
  expect(text).toMatch(/To do:\n {2}volumes: kubectl describe pvc\n1 ok, 0 warn, 1 fail, 1 unknown/);
  expect(text).toContain('promises nothing');
});

test('where all is well there is nothing to do', () => {
  const text = doctorText([{ name: 'Node', state: 'ok', detail: 'v24' }], PLAIN);
  expect(text).not.toContain('To do');
  expect(text).toMatch(/1 ok, 0 warn, 0 fail, 0 unknown\.$/);
});
