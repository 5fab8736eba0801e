import { randomBytes } from 'node:crypto';
import { COMMIT_TIMES } from '../committed.ts';
import type { Running } from '../launch.ts';
import { prefill } from '../rows.ts';
import { SAMPLE, statementOf } from '../statement.ts';
import { type Site, type System, startSystem } from '../system.ts';
import {
  A8_DATABASE_CONNECTIONS,
  CELLS,
  CONNECTIONS,
  type ContestantName,
  type ServerName,
  type Table,
  UNNEST,
} from './cells.ts';
import { type Script, scriptOf } from './pgbench.ts';
import type { Selection, Sizes } from './plan.ts';
import { measurePgbench, measureServer, type Round, type RoundInput, type Served } from './round.ts';
import { startBaseline, startBuiltHub } from './servers.ts';

/** Everybody who is measured, started once, over one PostgreSQL with an empty and a filled table; idle except in their turn. */
export type Stage = {
  system: System;
  servers: ReadonlyMap<string, Served>;
  scripts: { row: Script; unnest: Script };
  /** A PostgreSQL of its own, because it keeps when a transaction commits, which costs. */
  way?: { system: System; site: Site };
  end(): Promise<void>;
};

export type StageInput = {
  selection: Selection;
  sizes: Sizes;
  parent: string;
  goServer: string;
  nodeFlags: readonly string[];
  say: (text: string) => void;
};

const TABLES: readonly Table[] = ['empty', 'filled'];

export async function setStage(input: StageInput): Promise<Stage> {
  const { selection, sizes, parent, say } = input;
  const undo: (() => Promise<unknown>)[] = [];
  const end = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const startHub = startBuiltHub(input.nodeFlags);
    const system = await startSystem(TABLES, 1, { startHub, parent });
    undo.push(() => system.stop());
    const [empty, filled] = [siteOf(system, 'empty'), siteOf(system, 'filled')];
    if (selection.cells.some(({ table }) => table === 'filled')) {
      say(`filling a table with ${sizes.prefilledRows} rows`);
      await prefill(filled.admin, sizes.prefilledRows);
    }
    const servers = await startServers(input, system, undo);
    const stage = { system, servers, scripts: await readScripts(system, empty, servers, parent), end };
    if (!selection.way) return stage;
    const settings = COMMIT_TIMES;
    const ofWay = await startSystem(['empty'], 1, { startHub, parent, settings });
    undo.push(() => ofWay.stop());
    return { ...stage, way: { system: ofWay, site: siteOf(ofWay, 'empty') } };
  } catch (error) {
    await end();
    throw error;
  }
}

async function startServers(
  { selection, goServer }: StageInput,
  system: System,
  undo: (() => Promise<unknown>)[],
): Promise<Map<string, Served>> {
  const servers = new Map<string, Served>();
  const names = new Set(selection.cells.flatMap(({ contestants }) => contestants));
  for (const table of TABLES) {
    const { url, replicas } = siteOf(system, table);
    for (const { origin, pid } of replicas)
      servers.set(`a8 ${table}`, { port: Number(new URL(origin).port), pid });
    for (const name of ['express', 'go'] as const) {
      if (!names.has(name)) continue;
      const running: Running = await startBaseline(name, { url, key: system.key, goServer });
      undo.push(() => running.kill());
      servers.set(`${name} ${table}`, running);
    }
  }
  return servers;
}

/** One event through A8, so that PostgreSQL can tell its statement. */
async function readScripts(
  system: System,
  site: Site,
  servers: ReadonlyMap<string, Served>,
  parent: string,
): Promise<Stage['scripts']> {
  const [cell] = CELLS;
  const server = servers.get('a8 empty');
  if (cell === undefined || server === undefined) throw new Error('there is no A8 to ask for its statement');
  const times = { warmMs: 100, measureMs: 200 };
  await measureServer(server, { ...inputOf(system, site, `${parent}/first`), cell, ...times });
  const statement = await statementOf(site);
  const values = {
    ...Object.fromEntries(Object.entries(SAMPLE).map(([name, value]) => [name, String(value)])),
    content_hash: `\\x${randomBytes(32).toString('hex')}`,
  };
  return { row: scriptOf(statement, values, 'single'), unnest: scriptOf(statement, values, UNNEST.rows) };
}

function siteOf(system: System, name: string): Site {
  const site = system.sites.get(name);
  if (site === undefined) throw new Error(`there is no database ${name}`);
  return site;
}

function inputOf(system: System, site: Site, folder: string) {
  return { site, folder, postgresPid: system.postgres.pid, key: system.key };
}

/** One round of one contestant. */
export async function stageRound(
  { system, servers, scripts }: Stage,
  name: ContestantName,
  turn: Pick<RoundInput, 'cell' | 'folder' | 'warmMs' | 'measureMs'>,
): Promise<Round> {
  const { table } = turn.cell;
  const input = { ...inputOf(system, siteOf(system, table), turn.folder), ...turn };
  switch (name) {
    case 'row':
      return measurePgbench({ script: scripts.row, clients: CONNECTIONS }, input);
    case 'rowAsA8':
      return measurePgbench({ script: scripts.row, clients: A8_DATABASE_CONNECTIONS }, input);
    case 'unnest':
      return measurePgbench({ script: scripts.unnest, clients: UNNEST.clients }, input);
    default:
      return measureServer(serverOf(servers, name, table), input);
  }
}

function serverOf(servers: ReadonlyMap<string, Served>, name: ServerName, table: Table): Served {
  const server = servers.get(`${name} ${table}`);
  if (server === undefined) throw new Error(`${name} was not started over the table "${table}"`);
  return server;
}
