import { access } from 'node:fs/promises';
import { verifyOutbox } from '../outbox/index.ts';
import { type Arguments, parseArguments, USAGE, UsageError } from './arguments.ts';
import { drain } from './drain.ts';
import { localOutbox } from './local-outbox.ts';
import { CannotLook, type OutboxAccess, preferRunning, Refused } from './outbox-access.ts';
import { remoteOutbox } from './remote-outbox.ts';
import { renderErasure, renderListing, renderShown, renderVerification } from './render.ts';
import { type Finding, replay } from './replay.ts';

export type Result = { exitCode: 0 | 1 | 2 | 4; stdout: string; stderr: string };

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
  if (args.verb === 'replay') return replay(outbox, args);
  if (args.verb === 'erase') return erase(outbox, args);
  const eventId = args.eventId ?? '';
  if (args.verb === 'show') {
    const shown = await outbox.show(eventId);
    return { data: shown, text: renderShown(shown) };
  }
  await outbox.discard(eventId);
  return { data: { event_id: eventId, state: 'discarded' }, text: `discarded ${eventId}\n` };
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

async function erase(outbox: OutboxAccess, { actorId = '', yes }: Arguments): Promise<Finding> {
  const { quarantine_files, ...erased } = await outbox.erase(actorId, { dryRun: !yes });
  const found = { dry_run: !yes, ...erased, quarantine_files };
  return { data: found, text: renderErasure(found), wrong: quarantine_files > 0 };
}

async function verify(dir: string): Promise<Finding> {
  await access(dir).catch(() => {
    throw new CannotLook(`there is no folder ${dir}`);
  });
  const found = await verifyOutbox(dir);
  return { data: found, text: renderVerification(found), wrong: !found.ok };
}
