import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { StartFailure } from '../start-failure.ts';

/** Where a Prometheus may be. */
export interface PrometheusSearch {
  /** PROMETHEUS= of the environment: then no other is taken. */
  named: string | undefined;
  /** PATH of the environment. */
  path: string;
}

/**
 * @returns the absolute path of the program: the named one, else that which `make prometheus` built, else the PATH's.
 * @throws StartFailure that says how to get one.
 */
export function findPrometheus({ named, path }: PrometheusSearch, root: string): string {
  if (named !== undefined) {
    if (isProgram(named)) return resolve(named);
    throw new StartFailure(`PROMETHEUS=${named} is no program that can be run. Name another, or none.`);
  }
  const built = join(root, '.tools', 'bin', 'prometheus');
  const onPath = path
    .split(delimiter)
    .flatMap((folder) => (folder === '' ? [] : [join(folder, 'prometheus')]));
  const found = [built, ...onPath].find(isProgram);
  if (found !== undefined) return resolve(found);
  throw new StartFailure(
    'There is no Prometheus for --with-monitoring: neither .tools/bin/prometheus nor one on the PATH.\nBuild it by `make prometheus` (needs Go, a few minutes, once), install that of your system (`apt-get install prometheus`), or name one by PROMETHEUS=/path/to/prometheus.',
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
