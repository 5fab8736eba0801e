import type { Logger } from '../log/index.ts';

/** Mentions once that another service is away, and once that it is back, however many requests notice it. */
export function createOutage(log: Logger, name: string): { noticed(err: unknown): void; over(): void } {
  let away = false;
  return {
    noticed(err) {
      if (!away) log.warn({ err }, `${name} gives no answer; pages say so`);
      away = true;
    },
    over() {
      if (away) log.info(`${name} answers again`);
      away = false;
    },
  };
}
