/** A uuid-v4 by its shape: twelve hex digits of the run, then the number of the iteration. */
export function eventIdOf(run: string, iteration: number): string {
  const number = iteration.toString(16).padStart(12, '0');
  return `${run.slice(0, 8)}-${run.slice(8, 12)}-4000-8000-${number}`;
}
