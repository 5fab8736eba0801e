import { describeError } from '../log/index.ts';

export type CheckResult = { ok: boolean; detail?: string };
export type Readiness = { ready: boolean; checks: Record<string, CheckResult> };
/** Returns or resolves when healthy (a string is shown as detail), throws or rejects when not. */
export type HealthCheck = () => unknown;

export interface Health {
  /** Adds a named check to readiness. A second check of one name replaces the first. */
  check(name: string, fn: HealthCheck): void;
  /**
   * Runs every check but the excluded ones at the same time, each within the timeout. Never throws.
   * @param exclude names of checks, as `/readyz?exclude=` of Kubernetes has them.
   */
  ready(exclude?: readonly string[]): Promise<Readiness>;
}

/**
 * Readiness as a list of named checks. Liveness needs none: a process that answers `/health` is alive.
 * @param options.timeoutMs the most one check may take before it counts as failed; 2000 by default.
 */
export function createHealth(options: { timeoutMs?: number } = {}): Health {
  const { timeoutMs = 2_000 } = options;
  const checks = new Map<string, HealthCheck>();
  return {
    check(name, fn) {
      checks.set(name, fn);
    },
    async ready(exclude = []) {
      const asked = [...checks].filter(([name]) => !exclude.includes(name));
      const entries = await Promise.all(
        asked.map(async ([name, fn]) => [name, await runCheck(fn, timeoutMs)] as const),
      );
      return { ready: entries.every(([, result]) => result.ok), checks: Object.fromEntries(entries) };
    },
  };
}

async function runCheck(fn: HealthCheck, timeoutMs: number): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: `no answer within ${timeoutMs} ms` }), timeoutMs);
  });
  try {
    return await Promise.race([settle(fn), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function settle(fn: HealthCheck): Promise<CheckResult> {
  try {
    const detail = await fn();
    return typeof detail === 'string' && detail !== '' ? { ok: true, detail } : { ok: true };
  } catch (error) {
    return { ok: false, detail: describeError(error) };
  }
}
