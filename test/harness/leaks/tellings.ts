import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { APP_LABELS } from '@scholar/contract';
import { portsFrom, SERVICE_LABELS, stateLayout } from '@scholar/operator/target/local/layout';
import type { LocalSystem } from '../local-system.ts';

/** Something that was said, by whom and where. */
export type Telling = { where: string; text: string };

const OPS_PATHS = ['/metrics', '/running', '/ready', '/health'];

/** Everything that a running local system says to whoever looks: logs, ops listeners, the command, what A8 keeps of refusals. */
export async function tellingsOf(system: LocalSystem): Promise<Telling[]> {
  const { a8 } = await system.status();
  const ports = portsFrom(Number(new URL(a8.url).port) - 8);
  const addresses = [
    ...SERVICE_LABELS.flatMap((label) => OPS_PATHS.map((path) => [ports.ops(label), path] as const)),
    ...APP_LABELS.flatMap((label) =>
      [...OPS_PATHS, '/status'].map((path) => [ports.forwarderOps(label), path] as const),
    ),
  ];
  return [
    ...(await logsOf(system)),
    ...(await Promise.all(addresses.map(([port, path]) => ask(`http://127.0.0.1:${port}${path}`)))),
    ...(await Promise.all(['audit', 'rejected'].map((verb) => run(system, verb)))),
    { where: 'rejected_events', text: JSON.stringify(await system.query('SELECT * FROM rejected_events')) },
    { where: 'events', text: JSON.stringify(await system.query('SELECT * FROM events')) },
  ];
}

async function logsOf(system: LocalSystem): Promise<Telling[]> {
  const { logs } = stateLayout(system.state);
  const files = await readdir(logs);
  return Promise.all(
    files.map(async (file) => ({ where: file, text: await readFile(join(logs, file), 'utf8') })),
  );
}

async function ask(url: string): Promise<Telling> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  return { where: url, text: await response.text() };
}

async function run(system: LocalSystem, verb: string): Promise<Telling> {
  const { stdout, stderr } = await system.scholar(verb, '-o', 'json');
  return { where: `scholar ${verb}`, text: `${stdout}\n${stderr}` };
}

/** The content of every file that holds a secret of the system, and the password of the database, by its place. */
export async function secretsOf(system: LocalSystem): Promise<Map<string, string>> {
  const secrets = new Map<string, string>();
  for (const folder of ['secrets', 'live', 'keys']) {
    const names = await readdir(join(system.state, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of names.filter((one) => one.isFile())) {
      const path = join(entry.parentPath, entry.name);
      const where = path.slice(system.state.length + 1);
      // Of a key in several lines the longest is enough: nobody prints the others without it.
      const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.trim());
      const longest = lines.sort((one, other) => other.length - one.length)[0] ?? '';
      const secret = /^[a-z]+:\/\//.test(longest) ? passwordOf(longest) : longest;
      if (secret !== undefined) secrets.set(where, secret);
    }
  }
  return secrets;
}

/** Of an address the password is the secret; the rest may be said. */
function passwordOf(text: string): string | undefined {
  return /^[a-z]+:\/\/[^:/]*:([^@/]+)@/.exec(text)?.[1];
}

/** Which secret is told where, as sentences; the secrets themselves are not in them. */
export function findTold(tellings: readonly Telling[], secrets: ReadonlyMap<string, string>): string[] {
  return tellings.flatMap(({ where, text }) =>
    [...secrets].filter(([, secret]) => text.includes(secret)).map(([name]) => `${where} tells ${name}`),
  );
}
