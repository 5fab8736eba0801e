/** RUN_ID as 12 hex digits. A uuid serves too, such as that of the pod that plays: its first 12 digits count. */
export const runIdOf = (given: string): string => given.replace(/-/g, '').slice(0, 12);

/** A uuid-v4 by its shape: twelve hex digits of the run, then the number of the iteration. */
export function eventIdOf(run: string, iteration: number): string {
  const number = iteration.toString(16).padStart(12, '0');
  return `${run.slice(0, 8)}-${run.slice(8, 12)}-4000-8000-${number}`;
}
