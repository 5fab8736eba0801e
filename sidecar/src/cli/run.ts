import { access, readFile } from 'node:fs/promises';
import { systemClock } from '@scholar/runtime/clock';
import { verifyOutbox } from '../outbox/index.ts';
import { type Arguments, parseArguments, USAGE, UsageError } from './arguments.ts';
import { localOutbox } from './local-outbox.ts';
import { CannotLook, type OutboxAccess, preferRunning, Refused } from './outbox-access.ts';
import { remoteOutbox } from './remote-outbox.ts';
import { renderListing, renderShown, renderVerification } from './render.ts';

export type Result = { exitCode: 0 | 1 | 2 | 4; stdout: string; stderr: string };

/** What a verb found: `data` for `-o json`, `text` for people; `wrong` makes the exit code 1. */
type Finding = { data: unknown; text: string; wrong?: boolean };

const DRAIN_POLL_MS = 200;
const REPLAY_ALL_LIMIT = 1_000;

/** Runs one `scholar outbox` command. Never throws, never exits: the entry prints and exits. */
export async function runOutboxCommand(argv: readonly string[]): Promise<Result> {
  try {
    const args = parseArguments(argv);
    const { data, text, wrong = false } = await act(args);
    const stdout = args.output === 'json' ? `${JSON.stringify(data)}\n` : text;
    return { exitCode: wrong ? 1 : 0, stdout, stderr: '' };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): Result {
  if (error instanceof UsageError) return { exitCode: 2, stdout: '', stderr: `${error.message}\n\n${USAGE}` };
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: error instanceof Refused ? 1 : 4, stdout: '', stderr: `${message}\n` };
}

async function act(args: Arguments): Promise<Finding> {
  if (args.verb === 'verify') return verify(args.dir ?? '');
  if (args.verb === 'drain') return drain(args);
  const outbox = await openAccess(args);
  if (args.verb === 'list') return list(outbox, args);
  if (args.verb === 'replay' && args.all) return replayAll(outbox);
  const eventId = args.eventId ?? '';
  if (args.verb === 'show') {
    const shown = await outbox.show(eventId);
    return { data: shown, text: renderShown(shown) };
  }
  if (args.verb === 'discard') {
    await outbox.discard(eventId);
    return { data: { event_id: eventId, state: 'discarded' }, text: `discarded ${eventId}\n` };
  }
  const body = args.withFile === undefined ? undefined : await readBody(args.withFile);
  const { event_id } = await outbox.replay(eventId, body);
  return { data: { event_id, replay_of: eventId }, text: `queued again as ${event_id}\n` };
}

async function openAccess({ intake, tokenFile, dir }: Arguments): Promise<OutboxAccess> {
  if (intake === undefined || tokenFile === undefined) return localOutbox(dir ?? '');
  const running = await remoteOutbox({ intake, tokenFile });
  return dir === undefined ? running : preferRunning(running, await localOutbox(dir));
}

async function list(outbox: OutboxAccess, { state, limit }: Arguments): Promise<Finding> {
  if (state) {
    const listing = await outbox.list({ state, limit });
    return { data: listing, text: renderListing(listing) };
  }
  // What needs attention: dead letters first, then what is still owed.
  const [dead, queued] = [
    await outbox.list({ state: 'dead', limit }),
    await outbox.list({ state: 'queued', limit }),
  ];
  const listing = { events: [...dead.events, ...queued.events].slice(0, limit), totals: queued.totals };
  return { data: listing, text: renderListing(listing) };
}

async function replayAll(outbox: OutboxAccess): Promise<Finding> {
  const { events } = await outbox.list({ state: 'dead', limit: REPLAY_ALL_LIMIT });
  for (const { event_id } of events) await outbox.replay(event_id);
  return {
    data: { replayed: events.map(({ event_id }) => event_id) },
    text: `queued again: ${events.length}\n`,
  };
}

async function verify(dir: string): Promise<Finding> {
  await access(dir).catch(() => {
    throw new CannotLook(`there is no folder ${dir}`);
  });
  const found = await verifyOutbox(dir);
  return { data: found, text: renderVerification(found), wrong: !found.ok };
}

/** Asks for delivery now and looks until nothing is queued, the forwarder is held, or the time is up. */
async function drain({ intake = '', tokenFile = '', timeoutS }: Arguments): Promise<Finding> {
  const outbox = await remoteOutbox({ intake, tokenFile });
  const deadlineMs = systemClock.monotonic() + timeoutS * 1000;
  let now = await outbox.drain();
  // Held and nothing in flight: the probe that we asked for has been answered, and the answer was no.
  const stuck = () => now.state === 'held' && now.queue.in_flight === 0;
  while (now.queue.depth > 0 && !stuck() && systemClock.monotonic() < deadlineMs) {
    await systemClock.sleep(DRAIN_POLL_MS);
    now = await outbox.drained();
  }
  const { state, hold, queue, quarantine } = now;
  const left = queue.depth;
  const dead = now.dead.contract + now.dead.system;
  const quarantined = quarantine.records;
  const why = hold ? `; held: ${hold.reason}: ${hold.detail}` : '';
  const refused = dead > 0 ? `; ${dead} dead letters` : '';
  const data = { left, dead, quarantined, state, hold };
  return { data, text: `left ${left}${why}${refused}\n`, wrong: left > 0 };
}

async function readBody(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new CannotLook(`the file of --with (${path}) cannot be read`);
  });
}
