import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@scholar/runtime/testing';
import type { Cell } from './cells.ts';
import type { Contestant } from './contestants/contestant.ts';
import { forwarder } from './contestants/forwarder.ts';
import { front } from './contestants/front.ts';
import { measureRound } from './round.ts';

const ACCEPT: Cell = { name: 'accept', what: '', contestants: [], load: { concurrency: 8 }, delivers: false };
const THROUGH: Cell = {
  ...ACCEPT,
  name: 'through',
  load: { concurrency: 8, maxUndelivered: 50 },
  delivers: true,
};

async function round(contestant: Contestant, cell: Cell) {
  const folder = join(await tempDir('bench'), 'round');
  const measured = await measureRound({ cell, contestant, folder, warmMs: 300, measureMs: 1_500 });
  expect(existsSync(folder)).toBe(false);
  return measured;
}

test('a round over the real forwarder: killed under load, every acknowledged id is found, its costs are read', async () => {
  const seen = await round(forwarder(), ACCEPT);
  expect(seen).toMatchObject({ lost: 0, delivered: 0 });
  expect(seen.acknowledged).toBeGreaterThan(0);
  expect(seen.writtenPerSecond).toBeGreaterThan(0);
  expect(seen.cpuUsPerSecond).toBeGreaterThan(0);
  expect(seen.pssBytes).toBeGreaterThan(10e6);
}, 120_000);

test('end to end: what was delivered before the kill and what is still stored make up all that was acknowledged', async () => {
  const seen = await round(forwarder(), THROUGH);
  expect(seen.lost).toBe(0);
  expect(seen.delivered).toBeGreaterThan(0);
}, 120_000);

test('another store behind the same server takes the same load', async () => {
  expect(await round(front('sqlite', ''), ACCEPT)).toMatchObject({ lost: 0 });
}, 120_000);

test('a store that says D3 and forgets is found out: the round ends with what it lost', async () => {
  const liar: Contestant = { ...front('memory', ''), durability: 'D3' };
  await expect(round(liar, ACCEPT)).rejects.toThrow(/lost [1-9]\d* of/);
}, 120_000);
