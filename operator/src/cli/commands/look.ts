import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CouldNotLook } from '../../could-not-look.ts';
import { ask, jsonOf } from '../../gather/http-client.ts';
import { loadDesired } from '../../target/local/desired.ts';
import { portsFrom } from '../../target/local/layout.ts';
import { desiredSecret } from '../../target/local/secrets.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { printJson, table } from '../output.ts';

const eventSchema = z.looseObject({
  event_id: z.string(),
  app_label: z.string(),
  event_type: z.string(),
  received_at: z.string(),
  simulated: z.boolean().optional(),
});

const pageSchema = z.object({
  events: z.array(eventSchema),
  next_cursor: z.string().nullable(),
  position: z.string().nullish(),
});
type SeenEvent = z.infer<typeof eventSchema>;

export interface EventFilter {
  app?: string;
  type?: string;
  since?: string;
  simulated?: boolean;
  limit: number;
}

/** `scholar events`: what A8 holds, newest first. */
export async function events(context: Context, filter: EventFilter): Promise<ExitCode> {
  const page = await readPage(context, query({ ...filter, order: 'desc' }));
  if (context.json) printJson(context.screen, page);
  else context.screen.out(table(['received', 'app', 'type', 'event id'], page.events.map(eventCells)));
  return EXIT.ok;
}

/** `scholar rejected`: what A8 refused and why; never a body. */
export async function rejected(
  context: Context,
  { app, limit }: Pick<EventFilter, 'app' | 'limit'>,
): Promise<ExitCode> {
  printJson(context.screen, await readHub(context, `/rejected?${query({ app, limit })}`));
  return EXIT.ok;
}

const TAIL_MS = 500;

/** `scholar tail`: new events as they are committed, simulated ones too, until Ctrl-C. */
export async function tail(context: Context, filter: EventFilter): Promise<ExitCode> {
  const base = { ...filter, simulated: true, since: filter.since ?? new Date().toISOString() };
  let position: string | undefined;
  for (;;) {
    const page = await readPage(context, query({ ...base, cursor: position }));
    for (const event of page.events) {
      context.screen.out(context.json ? JSON.stringify(event) : eventCells(event).join('  '));
    }
    position = page.position ?? position;
    if (page.events.length === 0) await sleep(TAIL_MS);
  }
}

/** `scholar trace ID`: where one event is, from the app's forwarder to the row. 1 when nobody knows it. */
export async function trace(context: Context, eventId: string): Promise<ExitCode> {
  const desired = await loadDesired(context.layout);
  if (desired === undefined)
    throw new CouldNotLook(`No local system was ever started in ${context.layout.dir}.`);
  const row = await readHub(context, `/events/${encodeURIComponent(eventId)}`).catch(() => null);
  const hops = await Promise.all(
    Object.entries(desired.services).map(async ([label, { forwarder }]) => {
      const port = forwarder?.settings['INTAKE_PORT'];
      if (port === undefined) return [];
      const reply = await ask({
        url: `http://127.0.0.1:${port}/events/${encodeURIComponent(eventId)}`,
      }).catch(() => undefined);
      return reply?.status === 200 ? [{ forwarder: label, ...(jsonOf(reply) as object) }] : [];
    }),
  );
  const found = hops.flat();
  printJson(context.screen, { event_id: eventId, forwarder: found[0] ?? null, row });
  return row === null && found.length === 0 ? EXIT.bad : EXIT.ok;
}

async function readPage(context: Context, parameters: string): Promise<z.infer<typeof pageSchema>> {
  const parsed = pageSchema.safeParse(await readHub(context, `/events?${parameters}`));
  if (!parsed.success)
    throw new CouldNotLook(
      `A8 answered something else than a page of events: ${z.prettifyError(parsed.error)}`,
    );
  return parsed.data;
}

async function readHub({ layout }: Context, path: string): Promise<unknown> {
  const desired = await loadDesired(layout);
  if (desired === undefined) throw new CouldNotLook(`No local system was ever started in ${layout.dir}.`);
  const url = `http://127.0.0.1:${portsFrom(desired.port_base).public('auto_com_center')}${path}`;
  const key = await desiredSecret(layout, 'supervisor', 'A8_READ_KEY');
  const reply = await ask({
    url,
    headers: { authorization: `Bearer ${key}`, accept: 'application/json' },
  }).catch((cause: unknown) => {
    throw new CouldNotLook(`A8 does not answer at ${url}; see \`scholar status\`.`, { cause });
  });
  if (reply.status >= 300)
    throw new CouldNotLook(`A8 answered ${reply.status} to GET ${path}: ${reply.body.slice(0, 300)}`);
  return jsonOf(reply);
}

function query(filter: Record<string, string | number | boolean | undefined>): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(filter))
    if (value !== undefined) parameters.set(key, String(value));
  return parameters.toString();
}

function eventCells(event: SeenEvent): string[] {
  return [
    event.received_at,
    event.app_label,
    `${event.event_type}${event.simulated === true ? ' (simulated)' : ''}`,
    event.event_id,
  ];
}
