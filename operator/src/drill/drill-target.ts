import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@scholar/runtime/clock';
import { CouldNotLook } from '../could-not-look.ts';
import { ask } from '../gather/http-client.ts';
import { repositoryRoot } from '../target/local/layout.ts';
import type { Target } from '../target/target.ts';
import type { DrillOptions } from './drill-deps.ts';
import type { ForwarderProgram } from './forwarder-process.ts';
import type { DrillResult } from './judge-drill.ts';
import { runDrill } from './run-drill.ts';

type DrilledTarget = Pick<Target, 'emission' | 'environment' | 'secrets' | 'readRows'>;

/** A drill over a target, from this machine. @throws what `runDrill` does; CouldNotLook where A8 is reached by HTTPS. */
export async function drillTarget(
  { target, clock, program }: { target: DrilledTarget; clock: Clock; program: ForwarderProgram },
  options: DrillOptions,
): Promise<DrillResult> {
  const { hubUrl, key } = await target.emission(options.label);
  if (!hubUrl.startsWith('http://'))
    throw new CouldNotLook(
      'A drill stands between the forwarder and A8, which it cannot where A8_URL is https.',
    );
  const { environment, secrets, readRows } = target;
  return runDrill(
    {
      ...{ spawn, clock, ask, program, environment, hubUrl, key, readRows },
      canaryKey: secrets.canaryKey,
    },
    options,
  );
}

/**
 * The forwarder of this very checkout or image: the same program that stands beside the apps.
 * @throws CouldNotLook when it is not built.
 */
export function forwarderProgram(): ForwarderProgram {
  const entry = join(repositoryRoot(), 'sidecar', 'dist', 'main.js');
  if (!existsSync(entry)) throw new CouldNotLook(`${entry} is not built yet; run \`make build\`.`);
  return { command: process.execPath, args: [entry] };
}
