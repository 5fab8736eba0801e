import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isAppLabel } from '@scholar/contract';
import { CouldNotLook } from '../../could-not-look.ts';
import { loadDesired } from '../../target/local/desired.ts';
import { parseServiceLabel, portsFrom, repositoryRoot } from '../../target/local/layout.ts';
import { UsageError } from '../../target/local/overrides.ts';
import type { Context } from '../context.ts';

/** What the forwarder's tool can do. */
export const OUTBOX_VERBS = ['list', 'show', 'verify', 'replay', 'discard', 'erase', 'drain'] as const;

/**
 * `scholar outbox VERB --app LABEL …`: the forwarder's own tool on that forwarder's folder. It is another program,
 * not an import, because a disk format belongs to one package only.
 * @returns the tool's exit code.
 */
export async function outbox(
  context: Context,
  verb: string,
  { app, rest }: { app: string; rest: string[] },
): Promise<number> {
  const label = parseServiceLabel(app);
  if (label === undefined || !isAppLabel(label))
    throw new UsageError(
      `--app: no forwarder is called ${app}; use a label such as scholar_auth, or A1 to A7`,
    );
  const desired = await loadDesired(context.layout);
  if (desired === undefined)
    throw new CouldNotLook(`No local system was ever started in ${context.layout.dir}.`);
  const entry = join(repositoryRoot(), 'sidecar', 'dist', 'outbox-cli.js');
  if (!existsSync(entry)) throw new CouldNotLook(`${entry} is not built yet; run \`make build\`.`);
  const ports = portsFrom(desired.port_base);
  // With an address and a key it delivers by itself what lies in the folder of a forwarder that does not run.
  const itself =
    verb === 'drain'
      ? [
          ...['--a8-url', `http://127.0.0.1:${ports.public('auto_com_center')}`],
          ...['--key-file', context.layout.secret(label, 'A8_KEY')],
        ]
      : [];
  const args = [
    entry,
    verb,
    ...rest,
    ...itself,
    '--dir',
    context.layout.outbox(label),
    '--intake',
    `http://127.0.0.1:${ports.intake(label)}`,
    '--token-file',
    context.layout.secret(label, 'CONTROL_TOKEN'),
    '-o',
    context.options.output,
  ];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
