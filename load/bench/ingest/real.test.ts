import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@scholar/runtime/testing';
import { COMMIT_TIMES } from '../committed.ts';
import { type System, startSystem } from '../system.ts';
import { CELLS, type Cell } from './cells.ts';
import { measureServer } from './round.ts';
import { startBaseline } from './servers.ts';
import { measureWay } from './way.ts';

let system: System;

beforeAll(async () => {
  system = await startSystem(['empty'], 1, { settings: COMMIT_TIMES });
}, 120_000);

afterAll(() => system.stop());

function siteOf() {
  const site = system.sites.get('empty');
  const [replica] = site?.replicas ?? [];
  if (site === undefined || replica === undefined) throw new Error('the system has no A8');
  return { site, a8: { port: Number(new URL(replica.origin).port), pid: replica.pid } };
}

function cellOf(name: string): Cell {
  const cell = CELLS.find((each) => each.name === name);
  if (cell === undefined) throw new Error(`no cell ${name}`);
  return cell;
}

test('rounds over A8 and over the ordinary server: each verified against its rows, in both models', async () => {
  const { site, a8 } = siteOf();
  const { key, postgres } = system;
  const folder = join(await tempDir('ingest'), 'round');
  const input = { site, key, postgresPid: postgres.pid, folder, warmMs: 50, measureMs: 1_500 };
  const express = await startBaseline('express', { url: site.url, key, goServer: '' });
  try {
    // measureServer itself compares the rows with the acknowledged ids, and throws.
    for (const server of [a8, express]) {
      const round = await measureServer(server, { ...input, cell: cellOf('empty') });
      expect(round.perSecond).toBeGreaterThan(0);
      expect(round.averageMs).toBeGreaterThan(0);
    }
    const open = { ...cellOf('open1000'), table: 'empty', perSecond: 100 } as const;
    const paced = await measureServer(a8, { ...input, cell: open });
    expect(paced.perSecond).toBeLessThan(200);
  } finally {
    await express.kill();
  }
}, 120_000);

test('the way through real forwarders is timed by the commits of PostgreSQL', async () => {
  const { site } = siteOf();
  const folder = join(await tempDir('ingest'), 'way');
  const load = { forwarders: 2, perSecond: 50, warmMs: 100, measureMs: 1_500 };
  const way = await measureWay({ system, site, folder, ...load });
  expect(way.events).toBeGreaterThan(0);
  expect(way.committedP50Ms).toBeGreaterThan(0);
  expect(existsSync(folder)).toBe(false);
}, 120_000);
