import { kubectl } from '../../harness/kubectl.ts';

/** Values with which a row is not red for the time that a write takes on a machine which runs everything at once. */
export const UNHURRIED = { 'operator.table.latencyBound': '5s' };

/**
 * Waits until the operator has proven every row of its table.
 * @returns how many are green, red and unknown in the table that is ready: a later one may have expired on a busy machine.
 * @throws Error with the conditions when it does not get there.
 */
export async function provenTable(namespace: string, timeoutS = 300): Promise<number[]> {
  const tt = ['tt/scholar', '-n', namespace];
  // The leader makes it, some seconds after the release is installed.
  await kubectl('wait', ...tt, '--for=create', '--timeout=120s');
  const ready = ['--for=condition=Ready', `--timeout=${timeoutS}s`, '-o', 'json'];
  const table = await kubectl('wait', ...tt, ...ready).catch(async (cause: Error) => {
    const conditions = await kubectl('get', ...tt, '-o', 'jsonpath={.status.conditions}');
    throw new Error(`${cause.message}\n${conditions}`);
  });
  const { green, red, unknown } = JSON.parse(table).status.summary;
  return [green, red, unknown];
}
