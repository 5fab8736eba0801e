import { type DrillSummary, drillSummarySchema } from '@scholar/contract';
import { readJson, writeJson } from './json-file.ts';
import type { StateLayout } from './layout.ts';

export async function writeLastDrill(
  layout: Pick<StateLayout, 'lastDrill'>,
  drill: DrillSummary,
): Promise<void> {
  await writeJson(layout.lastDrill, drill);
}

/** @returns undefined where none was done, or none that this version can read: a drill must not stand in a proof's way. */
export async function readLastDrill(
  layout: Pick<StateLayout, 'lastDrill'>,
): Promise<DrillSummary | undefined> {
  return readJson(layout.lastDrill, drillSummarySchema).catch(() => undefined);
}
