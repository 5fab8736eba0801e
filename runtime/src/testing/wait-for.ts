/**
 * Polls until `probe` returns something truthy, and returns that. A throwing probe counts as "not yet".
 * @throws Error after `timeoutMs` (default 30 s: a busy machine is no failure), with the last failure as its cause.
 */
export async function waitFor<T>(
  probe: () => T | Promise<T>,
  options: { timeoutMs?: number; intervalMs?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + (options.timeoutMs ?? 30_000);
  let cause: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`${options.what ?? 'what the test waits for'} did not happen in time`, { cause });
    }
    await new Promise((wake) => setTimeout(wake, options.intervalMs ?? 20));
  }
}
