import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, runToEnd } from '../launch.ts';
import { columnsOf } from '../statement.ts';

/** What pgbench sends: A8's own statement with fresh ids made by the server, its values given from outside as A8 gives them. */
export type Script = { text: string; variables: Readonly<Record<string, string>>; rows: number };

/**
 * Pure. A8's statement for one row, or for `rows` rows in one statement.
 * @param statement of A8, as the server has it
 * @param values of each column but the id, as text
 */
export function scriptOf(
  statement: string,
  values: Readonly<Record<string, string | null>>,
  rows: number | 'single',
): Script {
  const conflict = statement.indexOf('ON CONFLICT');
  if (conflict < 0) throw new Error('the statement of A8 has changed its form: load/bench must follow');
  const tail = statement.slice(conflict).replaceAll('\n', ' ');
  const given = columnsOf(statement).filter((name) => name !== 'event_id' && values[name] != null);
  const columns = `event_id, ${given.join(', ')}`;
  const texts = given.map((name) => [name, values[name] ?? ''] as const);
  if (rows === 'single') {
    const places = given.map((name) => `:${name}`).join(', ');
    const text = `INSERT INTO events (${columns}) VALUES (gen_random_uuid(), ${places}) ${tail};\n`;
    return { text, variables: Object.fromEntries(texts), rows: 1 };
  }
  const arrays = given.map((name) => `:${name}::${typeOf(statement, name)}[]`).join(', ');
  return {
    text: `INSERT INTO events (${columns}) SELECT gen_random_uuid(), ${given.join(', ')} FROM unnest(${arrays}) AS batch (${given.join(', ')}) ${tail};\n`,
    variables: Object.fromEntries(texts.map(([name, value]) => [name, arrayOf(value, rows)])),
    rows,
  };
}

/** `$7::text[]` is the type of the seventh column. */
function typeOf(statement: string, column: string): string {
  const place = columnsOf(statement).indexOf(column) + 1;
  const type = new RegExp(`\\$${place}::(\\w+)\\[\\]`).exec(statement)?.[1];
  if (type === undefined) throw new Error(`the statement of A8 names no type of ${column}`);
  return type;
}

/** An array of PostgreSQL that holds a text so many times. */
function arrayOf(value: string, count: number): string {
  const quoted = `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return `{${Array.from({ length: count }, () => quoted).join(',')}}`;
}

export type PgbenchInput = { url: string; script: Script; clients: number; seconds: number; folder: string };
export type PgbenchOutput = { transactions: number; perSecond: number; averageMs: number };

/** Runs pgbench over prepared statements for whole seconds. @throws Error when a transaction failed */
export async function runPgbench({
  url,
  script,
  clients,
  seconds,
  folder,
}: PgbenchInput): Promise<PgbenchOutput> {
  const file = join(folder, `pgbench-${script.rows}.sql`);
  writeFileSync(file, script.text);
  const { hostname, port, username, password, pathname } = new URL(url);
  const variables = Object.entries(script.variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
  const command: Command = {
    file: 'pgbench',
    args: [
      ...['-n', '-M', 'prepared', '-f', file, '-T', String(seconds)],
      // Two threads: one alone could not keep as many clients busy as two cores can serve.
      ...['-c', String(clients), '-j', String(Math.min(2, clients)), ...variables, pathname.slice(1)],
    ],
    env: {
      PGHOST: hostname,
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: decodeURIComponent(password),
      PGOPTIONS: '-c synchronous_commit=on',
    },
  };
  return readOutput(await runToEnd(command, seconds * 1_000 + 60_000));
}

/** Pure. @throws Error for an output that tells of a failed transaction, or that has another form than that of 15 to 18 */
export function readOutput(text: string): PgbenchOutput {
  const of = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const output = {
    transactions: of(/^number of transactions actually processed: (\d+)/m),
    perSecond: of(/^tps = ([\d.]+)/m),
    averageMs: of(/^latency average = ([\d.]+) ms/m),
  };
  const failed = of(/^number of failed transactions: (\d+)/m);
  if (failed !== 0 || Object.values(output).some(Number.isNaN))
    throw new Error(`pgbench did not do what it should:\n${text.slice(-2_000)}`);
  return output;
}
