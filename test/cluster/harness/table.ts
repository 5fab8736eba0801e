import { kubectl } from '../../harness/kubectl.ts';

/** Values with which a row is not red for the time that a write takes on a machine which runs everything at once. */
export const UNHURRIED = { 'operator.table.latencyBound': '5s' };

/**
 * Waits until the operator has proven every row of its table.
 * @returns what `kubectl get tt` prints of it: green, red, unknown. @throws Error with the conditions when it does not get there.
 */
export async function provenTable(namespace: string, timeoutS = 300): Promise<number[]> {
  const tt = ['tt/scholar', '-n', namespace];
  // The leader makes it, some seconds after the release is installed.
  await kubectl('wait', ...tt, '--for=create', '--timeout=120s');
  await kubectl('wait', ...tt, '--for=condition=Ready', `--timeout=${timeoutS}s`).catch(
    async (cause: Error) => {
      const conditions = await kubectl('get', ...tt, '-o', 'jsonpath={.status.conditions}');
      throw new Error(`${cause.message}\n${conditions}`);
    },
  );
  const [, green, red, unknown] = (await kubectl('get', ...tt, '--no-headers')).trim().split(/\s+/u);
  return [green, red, unknown].map(Number);
}
