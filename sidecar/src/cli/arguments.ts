import { parseArgs } from 'node:util';

export const VERBS = ['list', 'show', 'verify', 'replay', 'discard', 'erase', 'drain'] as const;
export type Verb = (typeof VERBS)[number];
export const LISTED_STATES = ['queued', 'delivered', 'dead'] as const;
export type ListedState = (typeof LISTED_STATES)[number];

export type Arguments = {
  verb: Verb;
  eventId: string | undefined;
  /** Of `erase`. */
  actorId: string | undefined;
  yes: boolean;
  all: boolean;
  dir: string | undefined;
  intake: string | undefined;
  tokenFile: string | undefined;
  output: 'table' | 'json';
  state: ListedState | undefined;
  limit: number;
  withFile: string | undefined;
  patchFile: string | undefined;
  dryRun: boolean;
  a8Url: string | undefined;
  keyFile: string | undefined;
  timeoutS: number;
};

export const USAGE = `usage: scholar outbox <verb> (--dir DIR | --intake URL --token-file FILE) [-o table|json]

  list [queued|delivered|dead] [--limit N]           what is in the outbox, oldest first
  show ID                                            one event: state, problem, headers, body
  verify                                             read every record and check it (--dir; changes nothing)
  replay ID [--with FILE | --patch FILE] | --all     send a dead or delivered event again, or a corrected one under a
        [--dry-run]                                  fresh id: a whole body, or a JSON Patch (RFC 6902) of the old one;
                                                     --all: every dead letter; --dry-run: only tell what would be sent
  discard ID                                         give an event up for good
  erase ACTOR [--yes]                                what is kept of one actor loses its content; without --yes it is
                                                     only counted. What is owed stays owed (docs/privacy.md)
  drain [--timeout S] [--a8-url URL --key-file FILE] deliver now, and wait until nothing is queued; with an address and
                                                     a key also from a folder whose forwarder does not run

  --dir looks into the folder (list, show and verify also while a forwarder runs; replay, discard and erase
  only while none does). --intake asks the running forwarder. With both, the folder is looked into where none runs.

exit codes: 0 done, 1 something is wrong (the output says what), 2 usage, 4 could not look
`;

/** A wrong command line; the message says what to change. */
export class UsageError extends Error {}

/** @throws UsageError */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  const [verbText, what, ...rest] = positionals;
  const verb = VERBS.find((known) => known === verbText);
  if (!verb) throw new UsageError(`the first argument must be one of ${VERBS.join(', ')}`);
  if (rest.length > 0) throw new UsageError(`${verb} takes one argument at most`);
  const parsed: Arguments = {
    verb,
    eventId: verb === 'list' || verb === 'erase' ? undefined : what,
    actorId: verb === 'erase' ? what : undefined,
    yes: values.yes ?? false,
    all: values.all ?? false,
    dir: values.dir,
    intake: values.intake,
    tokenFile: values['token-file'],
    output: choose('-o', values.output, ['table', 'json']) ?? 'table',
    // Not an option: `scholar outbox` has a --state of its own, the folder of the local system.
    state: verb === 'list' ? choose('the state to list', what, LISTED_STATES) : undefined,
    limit: wholeNumber('--limit', values.limit, 100),
    withFile: values.with,
    patchFile: values.patch,
    dryRun: values['dry-run'] ?? false,
    a8Url: values['a8-url'],
    keyFile: values['key-file'],
    timeoutS: wholeNumber('--timeout', values.timeout, 60),
  };
  requireTarget(parsed);
  requireEvent(parsed);
  return parsed;
}

function parse(argv: readonly string[]) {
  const string = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        dir: string,
        intake: string,
        'token-file': string,
        output: { ...string, short: 'o' },
        limit: string,
        with: string,
        patch: string,
        'dry-run': { type: 'boolean' },
        'a8-url': string,
        'key-file': string,
        timeout: string,
        all: { type: 'boolean' },
        yes: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function requireTarget({ verb, dir, intake, tokenFile, a8Url, keyFile }: Arguments): void {
  if (dir === undefined && intake === undefined)
    throw new UsageError('say where: --dir, or --intake and --token-file');
  if (verb === 'verify' && dir === undefined) throw new UsageError('verify reads the folder: give --dir');
  const itself = dir !== undefined && a8Url !== undefined && keyFile !== undefined;
  if (verb === 'drain' && intake === undefined && !itself)
    throw new UsageError(
      'drain needs a running forwarder (--intake), or --dir, --a8-url and --key-file to send by itself',
    );
  if (verb !== 'drain' && (a8Url !== undefined || keyFile !== undefined))
    throw new UsageError('--a8-url and --key-file are for drain');
  if (intake === undefined) return;
  if (!URL.canParse(intake)) throw new UsageError('--intake must be a URL, e.g. http://127.0.0.1:4200');
  if (tokenFile === undefined)
    throw new UsageError('--intake needs --token-file, the file of its CONTROL_TOKEN');
}

function requireEvent({ verb, eventId, actorId, yes, all, withFile, patchFile, dryRun }: Arguments): void {
  if (verb === 'erase' && !actorId) throw new UsageError('erase needs the id of an actor');
  if (yes && verb !== 'erase') throw new UsageError('--yes is for erase');
  const takesId = verb === 'show' || verb === 'replay' || verb === 'discard';
  if (!takesId && eventId !== undefined) throw new UsageError(`${verb} takes no id`);
  if (all && (verb !== 'replay' || eventId !== undefined))
    throw new UsageError('--all is for replay, without an id');
  if (takesId && eventId === undefined && !all) throw new UsageError(`${verb} needs the id of an event`);
  if (withFile !== undefined && (verb !== 'replay' || all))
    throw new UsageError('--with is for the replay of one event');
  if (patchFile !== undefined && (verb !== 'replay' || all || withFile !== undefined))
    throw new UsageError('--patch is for the replay of one event, without --with');
  if (dryRun && verb !== 'replay') throw new UsageError('--dry-run is for replay');
}

function choose<const V extends string>(
  flag: string,
  given: string | undefined,
  values: readonly V[],
): V | undefined {
  if (given === undefined) return undefined;
  const found = values.find((value) => value === given);
  if (found === undefined) throw new UsageError(`${flag} must be one of ${values.join(', ')}`);
  return found;
}

function wholeNumber(flag: string, given: string | undefined, fallback: number): number {
  if (given === undefined) return fallback;
  if (!/^[1-9]\d{0,5}$/.test(given)) throw new UsageError(`${flag} must be a whole number above 0`);
  return Number(given);
}
