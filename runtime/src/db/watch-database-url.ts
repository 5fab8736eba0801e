import { type Env, secretSource } from '../config/index.ts';
import type { Lifecycle } from '../lifecycle/index.ts';

export type DatabaseUrlWatch = { start(): void; stop(): void };

/**
 * Watches the file of DATABASE_URL for an address other than the one that this process has connected with. Pools,
 * migrations and prepared statements hang on the address, so it is used by a process that starts anew, not by this one
 * (docs/decisions/0007). A file that is gone, empty or holds no PostgreSQL address changes nothing: a running process
 * is worth more than one that could only say what is missing.
 * @param options.used whether this process has an address at all; without one, the first that appears counts.
 * @param options.onChange called once.
 * @param options.intervalMs how often the file is read; 5000 by default.
 */
export function watchDatabaseUrl(options: {
  env: Env;
  used: boolean;
  onChange: () => void;
  intervalMs?: number;
}): DatabaseUrlWatch {
  const { env, used, onChange, intervalMs } = options;
  const source = secretSource({
    name: 'DATABASE_URL',
    env,
    ...(intervalMs === undefined ? {} : { intervalMs }),
  });
  const before = used ? source.current() : undefined;
  return {
    start() {
      let told = false;
      const judge = (value: string | undefined): void => {
        if (told || value === undefined || value === before || !isAddress(value)) return;
        told = true;
        onChange();
      };
      source.onChange(judge);
      // One that came after the settings were read, and before anybody listened, is no change any more.
      judge(source.current());
    },
    stop: () => source.close(),
  };
}

/**
 * Adds a watch to a process that ends it cleanly, with 0, when the address has changed: the kubelet, or the supervisor,
 * starts it again.
 */
export function endOnNewDatabaseUrl(options: {
  lifecycle: Pick<Lifecycle, 'add' | 'stop'>;
  env: Env;
  used: boolean;
}): void {
  const { lifecycle, env, used } = options;
  const onChange = () =>
    void lifecycle
      .stop('DATABASE_URL has another address: whoever keeps this process starts it anew with that')
      .then(() => process.exit(0));
  lifecycle.add('the watch on DATABASE_URL', watchDatabaseUrl({ env, used, onChange }));
}

function isAddress(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text.trim()) && URL.canParse(text.trim());
}
