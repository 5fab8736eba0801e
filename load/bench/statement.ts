import { createBody, labelOf } from './event.ts';
import type { Site } from './system.ts';

/** A8's statement as the server has it from A8, so that no copy of it can drift. @throws Error before A8 has run it */
export async function statementOf(site: Site): Promise<string> {
  const { rows } = await site.admin.query<{ query: string }>(
    `SELECT query FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'a8 ingest' AND query LIKE '%INSERT INTO events%'`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('A8 has not run its statement yet');
  return row.query;
}

/** The columns in the order of the parameters: `… AS batch (event_id, app_label, …)`. */
export function columnsOf(statement: string): string[] {
  const list = /AS batch \(([^)]+)\)/.exec(statement)?.[1];
  if (list === undefined) throw new Error('the statement of A8 has changed its form: load/bench must follow');
  return list.split(',').map((name) => name.trim());
}

const BODY = JSON.parse(createBody(1).toString()) as Record<string, unknown>;
/** The columns of one event, without id and hash. A column that is not named here is NULL, as it is for most events. */
export const SAMPLE: Readonly<Record<string, unknown>> = {
  ...BODY,
  app_label: labelOf(0),
  payload: JSON.stringify(BODY['payload']),
  simulated: false,
  deliveries: 1,
  request_id: '00000000-0000-4000-8000-000000000000',
  key_id: 'bench',
  forwarder_id: `${labelOf(0)}@bench`,
};
