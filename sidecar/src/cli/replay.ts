import { readFile } from 'node:fs/promises';
import { HEADER } from '@scholar/contract';
import type { Arguments } from './arguments.ts';
import { correctedEvent } from './corrected-event.ts';
import { applyPatch, PatchError } from './json-patch.ts';
import { CannotLook, type OutboxAccess, Refused, type Shown } from './outbox-access.ts';

/** What a command found: `data` for `-o json`, `text` for people; `wrong` makes the exit code 1. */
export type Finding = { data: unknown; text: string; wrong?: boolean };

const REPLAY_ALL_LIMIT = 1_000;

/** `replay`: sends a dead or a retained event again; with `--dry-run` only tells what it would send. */
export async function replay(outbox: OutboxAccess, args: Arguments): Promise<Finding> {
  if (args.all) return replayAll(outbox, args.dryRun);
  const eventId = args.eventId ?? '';
  const body = await correction(outbox, args);
  if (args.dryRun) return wouldReplay(await outbox.show(eventId), body);
  const { event_id } = await outbox.replay(eventId, body);
  return { data: { event_id, replay_of: eventId }, text: `queued again as ${event_id}\n` };
}

async function replayAll(outbox: OutboxAccess, dryRun: boolean): Promise<Finding> {
  const { events } = await outbox.list({ state: 'dead', limit: REPLAY_ALL_LIMIT });
  const ids = events.map(({ event_id }) => event_id);
  if (dryRun) {
    const lines = ids.map((id) => `${id}\n`).join('');
    return { data: { would_replay: ids }, text: `${lines}would be queued again: ${ids.length}\n` };
  }
  for (const id of ids) await outbox.replay(id);
  return { data: { replayed: ids }, text: `queued again: ${ids.length}\n` };
}

/** The body that goes out instead of the stored one; undefined: the stored one. */
async function correction(outbox: OutboxAccess, args: Arguments): Promise<string | undefined> {
  const { eventId = '', withFile, patchFile } = args;
  if (withFile !== undefined) return readText(withFile, '--with');
  if (patchFile === undefined) return undefined;
  const patch = parseJson(await readText(patchFile, '--patch'), 'the file of --patch');
  const { body } = await outbox.show(eventId);
  try {
    return JSON.stringify(applyPatch(parseJson(body, 'the stored event'), patch));
  } catch (error) {
    if (error instanceof PatchError) throw new Refused(error.message);
    throw error;
  }
}

/** The same checks as a replay, and nothing is changed. @throws Refused where the replay would be */
function wouldReplay({ event_id, state, headers, body }: Shown, instead: string | undefined): Finding {
  if (state !== 'dead' && state !== 'delivered')
    throw new Refused(`event ${event_id} is ${state}: only dead and delivered events are sent again`);
  if (instead !== undefined) correctedEvent(headers[HEADER.label] ?? '', instead);
  const sent = instead ?? body;
  const how = instead === undefined ? 'under its own id' : 'under a fresh id';
  const data = { would_replay: event_id, fresh_id: instead !== undefined, body: sent };
  return { data, text: `would be sent again ${how}:\n${sent}\n` };
}

async function readText(path: string, option: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new CannotLook(`the file of ${option} (${path}) cannot be read`);
  });
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused(`${what} is not JSON`);
  }
}
