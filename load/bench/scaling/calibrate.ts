import { randomBytes, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { Socket } from 'node:net';
import pg from 'pg';
import { createBody, labelOf, outgoing } from '../event.ts';
import { cpuOf } from '../proc.ts';
import { columnsOf, SAMPLE, statementOf } from '../statement.ts';
import { fitLine, median } from '../statistics.ts';
import type { Site } from '../system.ts';
import type { Statement, Wire } from './result.ts';
import type { Costs } from './simulate.ts';

export type Calibration = {
  statements: Statement[];
  costs: Pick<Costs, 'statementUs' | 'rowUs' | 'flushUs' | 'spread'>;
  wire: Wire;
};

const SIZES = [1, 8, 64, 256];
const WARM_UP = 20;
/** Samples that are kept of a distribution: its shape, not its bulk. */
const KEPT_SAMPLES = 41;

type Timed = Statement & { timesUs: number[]; clientCpuUs: number };

/**
 * What A8's own statement costs alone on one connection, by the number of rows. The text is the one that A8 has just
 * run, read from the server, so it cannot drift from A8's.
 */
export async function calibrate(input: {
  site: Site;
  key: string;
  /** For each size. The kernel counts CPU in hundredths of a second: 1,500 ms make it exact to some percent. */
  sizeMs: number;
}): Promise<Calibration> {
  const { site, key, sizeMs } = input;
  const exchanged = await exchangeOne(site, key);
  const statement = await statementOf(site);
  const socket = new Socket();
  const client = new pg.Client({ connectionString: site.url, stream: () => socket });
  await client.connect();
  try {
    await client.query('SET synchronous_commit = on');
    const pid = await backendOf(client);
    const timed: Timed[] = [];
    let toDatabaseBytes = 0;
    for (const rows of SIZES) {
      const bytesBefore = socket.bytesWritten + socket.bytesRead;
      const result = await timeStatement({ client, pid, statement, rows, sizeMs });
      toDatabaseBytes =
        (socket.bytesWritten + socket.bytesRead - bytesBefore) / ((result.executions + WARM_UP) * rows);
      timed.push(result);
    }
    return {
      statements: timed.map(({ rows, medianUs, cpuUs, executions }) => ({
        rows,
        medianUs,
        cpuUs,
        executions,
      })),
      costs: costsOf(timed),
      wire: { ...exchanged, toDatabaseBytes },
    };
  } finally {
    await client.end();
  }
}

/** Pure. CPU as a line over the rows; what a single row waits for beyond CPU is the flush; the rest is spread. */
export function costsOf(timed: readonly Timed[]): Calibration['costs'] {
  const { fixed, each } = fitLine(timed.map(({ rows, cpuUs }) => ({ x: rows, y: cpuUs })));
  const statementUs = Math.max(0, fixed);
  const [single] = timed;
  const large = timed.at(-2);
  if (single === undefined || large === undefined) throw new Error('nothing was timed');
  const computing = single.cpuUs + single.clientCpuUs;
  return {
    statementUs,
    rowUs: each,
    flushUs: thin(single.timesUs.map((us) => Math.max(1, us - computing))),
    spread: thin(large.timesUs.map((us) => us / large.medianUs)),
  };
}

/** Evenly spaced quantiles, the middle of each slice: without the one worst value that no second run would show. */
export function thin(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return Array.from({ length: KEPT_SAMPLES }, (_, index) => {
    const value = sorted[Math.floor(((index + 0.5) / KEPT_SAMPLES) * sorted.length)] ?? 0;
    return Math.round(value * 1_000) / 1_000;
  });
}

async function timeStatement(input: {
  client: pg.Client;
  pid: number;
  statement: string;
  rows: number;
  sizeMs: number;
}): Promise<Timed> {
  const { client, pid, statement, rows, sizeMs } = input;
  const columns = columnsOf(statement);
  const run = () => client.query({ name: 'upsert_events', text: statement, values: valuesOf(columns, rows) });
  for (let index = 0; index < WARM_UP; index += 1) await run();
  const timesUs: number[] = [];
  const cpuBefore = cpuOf(pid);
  const own = process.cpuUsage();
  const until = performance.now() + sizeMs;
  for (let now = performance.now(); now < until; now = performance.now()) {
    const { rowCount } = await run();
    if (rowCount !== rows) throw new Error(`the statement of A8 stored ${rowCount} of ${rows} rows`);
    timesUs.push((performance.now() - now) * 1_000);
  }
  const spent = process.cpuUsage(own);
  return {
    rows,
    timesUs,
    executions: timesUs.length,
    medianUs: median(timesUs),
    cpuUs: ((cpuOf(pid) - cpuBefore) * 1e6) / timesUs.length,
    clientCpuUs: (spent.user + spent.system) / timesUs.length,
  };
}

/** One array a column, as A8 passes them. */
function valuesOf(columns: readonly string[], rows: number): unknown[][] {
  const ids = Array.from({ length: rows }, () => randomUUID()).sort();
  const hashes = ids.map(() => randomBytes(32));
  return columns.map((column) =>
    ids.map((id, row) =>
      column === 'event_id' ? id : column === 'content_hash' ? hashes[row] : SAMPLE[column],
    ),
  );
}

async function backendOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

/** One event over a connection of its own, its bytes counted on the socket. */
async function exchangeOne(site: Site, key: string): Promise<Omit<Wire, 'toDatabaseBytes'>> {
  const body = createBody(0);
  const { headers } = outgoing({ label: labelOf(0), id: randomUUID(), key, body });
  const [replica] = site.replicas;
  return new Promise((resolve, reject) => {
    const sending = httpRequest(`${replica?.origin}/events`, { method: 'POST', headers }, (answer) => {
      // Kept here: at the end the socket has gone back to its agent.
      const { socket } = answer;
      answer.resume().on('end', () => {
        if (answer.statusCode !== 201) return reject(new Error(`A8 answered ${answer.statusCode}`));
        const { bytesWritten, bytesRead } = socket;
        resolve({ bodyBytes: body.length, requestBytes: bytesWritten, answerBytes: bytesRead });
      });
    });
    sending.on('error', reject);
    sending.end(body);
  });
}
