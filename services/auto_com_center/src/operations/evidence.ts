import { type AppLabel, isUuidV4, normalizeEventId, type TruthTable } from '@scholar/contract';

/** One event that a verdict rests on, and when its row was seen (ISO-8601). */
export type Evidence = { eventId: string; label: AppLabel; seenAt: string };

const SIMULATED_APP: Record<TruthTable['simulations'][number]['name'], AppLabel> = {
  lead: 'auto_page_maker',
  auth: 'scholar_auth',
  payment: 'provider_register',
};

/** Every event whose row a truth table saw, rows first, then simulations: an id without a row proves nothing. Pure. */
export function evidenceOf(table: TruthTable): Evidence[] {
  const rows = table.table
    .filter(({ event }) => event.row === true)
    .map(({ label, event }) => ({
      eventId: event.event_id,
      label,
      seenAt: event.row_at ?? table.at,
    }));
  const simulations = table.simulations
    .filter(({ row }) => row)
    .map(({ name, event_id }) => ({
      eventId: event_id,
      label: SIMULATED_APP[name],
      seenAt: table.at,
    }));
  return [...rows, ...simulations].flatMap(({ eventId, label, seenAt }) =>
    isUuidV4(eventId) ? [{ eventId: normalizeEventId(eventId), label, seenAt }] : [],
  );
}
