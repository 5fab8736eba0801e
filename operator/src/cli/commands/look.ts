import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CouldNotLook } from '../../could-not-look.ts';
import { jsonOf } from '../../gather/http-client.ts';
import type { Target } from '../../target/target.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { openTarget } from '../open-target.ts';
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
export function events(context: Context, filter: EventFilter): Promise<ExitCode> {
  return looking(context, async (target) => {
    const page = await readPage(target, query({ ...filter, order: 'desc' }));
    if (context.json) printJson(context.screen, page);
    else context.screen.out(table(['received', 'app', 'type', 'event id'], page.events.map(eventCells)));
    return EXIT.ok;
  });
}

/** `scholar rejected`: what A8 refused and why; never a body. */
export function rejected(
  context: Context,
  { app, since, simulated, limit }: Omit<EventFilter, 'type'>,
): Promise<ExitCode> {
  return looking(context, async (target) => {
    printJson(context.screen, await readHub(target, `/rejected?${query({ app, since, simulated, limit })}`));
    return EXIT.ok;
  });
}

const TAIL_MS = 500;

/** `scholar tail`: new events as they are committed, simulated ones too, until Ctrl-C. */
export function tail(context: Context, filter: EventFilter): Promise<ExitCode> {
  const base = { ...filter, simulated: true, since: filter.since ?? new Date().toISOString() };
  return looking(context, async (target) => {
    let position: string | undefined;
    for (;;) {
      const page = await readPage(target, query({ ...base, cursor: position }));
      for (const event of page.events) {
        context.screen.out(context.json ? JSON.stringify(event) : eventCells(event).join('  '));
      }
      position = page.position ?? position;
      if (page.events.length === 0) await sleep(TAIL_MS);
    }
  });
}

async function looking(context: Context, look: (target: Target) => Promise<ExitCode>): Promise<ExitCode> {
  const target = await openTarget(context);
  try {
    return await look(target);
  } finally {
    await target.close();
  }
}

async function readPage(target: Target, parameters: string): Promise<z.infer<typeof pageSchema>> {
  const parsed = pageSchema.safeParse(await readHub(target, `/events?${parameters}`));
  if (!parsed.success)
    throw new CouldNotLook(
      `A8 answered something else than a page of events: ${z.prettifyError(parsed.error)}`,
    );
  return parsed.data;
}

async function readHub({ hubUrl, ask, secrets }: Target, path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${secrets.readKey}`, accept: 'application/json' };
  const reply = await ask({ url: `${hubUrl}${path}`, headers }).catch((cause: unknown) => {
    throw new CouldNotLook(`A8 does not answer at ${hubUrl}${path}; see \`scholar audit\`.`, { cause });
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
