import { VERSION } from '@scholar/runtime/running';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { ROTATIONS } from '../accounts/ask-accounts.ts';
import { audit } from './commands/audit.ts';
import { type DoctorFlags, doctor } from './commands/doctor.ts';
import { down } from './commands/down.ts';
import { type DrillFlags, drill } from './commands/drill.ts';
import { type EraseFlags, erase } from './commands/erase.ts';
import { type FixFlags, fix } from './commands/fix.ts';
import { KEYS_VERBS, type KeysFlags, keys } from './commands/keys.ts';
import { type EventFilter, events, rejected, tail } from './commands/look.ts';
import { OUTBOX_VERBS, outbox } from './commands/outbox.ts';
import { type SealFlags, seal } from './commands/seal.ts';
import { STAFF_VERBS, type StaffFlags, type StaffVerb, staff } from './commands/staff.ts';
import { status } from './commands/status.ts';
import { trace } from './commands/trace.ts';
import { type UpFlags, up } from './commands/up.ts';
import { type VerifyFlags, verify } from './commands/verify.ts';
import { addCompletion } from './completion/add-completion.ts';
import { type CommonOptions, type Context, createContext } from './context.ts';
import { refuseCluster } from './open-target.ts';

type Run = (context: Context) => Promise<number>;

/** By which name the command was called, and what it looks at where nobody says so. */
export interface CalledAs {
  name: string;
  target: CommonOptions['target'];
}

export const SCHOLAR: CalledAs = { name: 'scholar', target: undefined };
/** As a plugin of kubectl: whoever calls it so has a cluster in mind. */
export const KUBECTL_SCHOLAR: CalledAs = { name: 'kubectl scholar', target: 'cluster' };

/** @param finish is told the exit code of the verb that ran. */
export function createProgram(called: CalledAs, finish: (code: number) => void): Command {
  const program = new Command(called.name)
    .description('Telemetry that is proven, not believed: no green without a row.')
    .version(VERSION)
    .showHelpAfterError(`(${called.name} help VERB tells more)`)
    .exitOverride();
  const verb = (name: string, description: string): Command =>
    common(program.command(name).description(description), called);
  const running = (command: Command, run: Run): Promise<void> =>
    run(createContext(command.opts<CommonOptions>())).then(finish);
  const local = async (command: Command, run: Run): Promise<void> => {
    refuseCluster(createContext(command.opts<CommonOptions>()));
    await running(command, run);
  };

  addUp(verb('up', 'start everything on this machine and keep it running'), local);
  verb('down', 'stop everything; data stays').action((_flags, command: Command) => local(command, down));
  verb(
    'status',
    'what runs, where, since when; backlog, hold, last receipt; the truth table as A8 believes it',
  ).action((_flags, command: Command) => running(command, status));
  verb('audit', 'phase 0: what drifted, worst first').action((_flags, command: Command) =>
    running(command, audit),
  );
  verb('fix', 'repair what the audit found, and prove it by events read back')
    .option('--dry-run', 'show the plan and change nothing')
    .option('--docs <dir>', 'where DIFF_SUMMARY.md goes')
    .option(
      '--secret-from <label.key=secret/name#key>',
      'of a cluster: where a missing or wrong secret may be copied from; repeatable',
      collect,
      [],
    )
    .action((flags: FixFlags, command: Command) => running(command, (context) => fix(context, flags)));
  verb('verify', 'phase 3: a canary per service, read back from the database; the truth table')
    .option('--samples <n>', 'writes per service behind its P95', positive, 30)
    .option('--guards', 'also send A8 what it must refuse, as canaries, and read back what that left')
    .option(
      '--write-docs',
      'write docs/TRUTH_TABLES.md and docs/TEST_REPORT.md; of a cluster with repairs also docs/DIFF_SUMMARY.md',
    )
    .option('--docs <dir>', 'where they go')
    .action((flags: VerifyFlags, command: Command) => running(command, (context) => verify(context, flags)));
  addDrill(
    verb('drill', 'an outage on a forwarder of its own: does every acknowledged event become a row'),
    running,
  );
  addLooks(verb, running);
  verb(
    'outbox',
    "look into a forwarder's disk: list, show ID, verify, replay ID, discard ID, erase ACTOR, drain",
  )
    .addArgument(new Argument('<verb>').choices(OUTBOX_VERBS))
    .argument('[rest...]')
    .requiredOption('--app <label>', 'whose forwarder, for instance scholar_auth or A1')
    .passThroughOptions(false)
    .allowUnknownOption()
    .action((name: string, rest: string[], flags: { app: string }, command: Command) =>
      local(command, (context) => outbox(context, name, { app: flags.app, rest })),
    );
  verb('erase', 'take one person out of A8 and the forwarders; without --yes it only counts')
    .argument('[actor-id]', 'the actor_id of their events')
    .option('--yes', 'erase; it cannot be taken back')
    .option(
      '--from-file <file>',
      'read the id from a file (- is stdin), to keep it out of the history of a shell',
    )
    .action((actor: string | undefined, flags: EraseFlags, command: Command) =>
      running(command, (context) => erase(context, actor, flags)),
    );
  addAccounts(verb, running);
  addSeal(verb('seal', "a namespace's secrets as a sealed values file, offline"), running);
  verb('doctor', 'is this machine, or a namespace of a cluster, fit for scholar')
    .option(
      '--values <file>',
      'of a cluster: values of the charts, whose kinds must then be there; repeatable',
      collect,
      [],
    )
    .action((flags: DoctorFlags, command: Command) => running(command, (context) => doctor(context, flags)));
  program
    .command('version')
    .description('print the version')
    .action(() => {
      process.stdout.write(`${VERSION}\n`);
      finish(0);
    });
  addCompletion(program);
  return program;
}

function common(command: Command, called: CalledAs): Command {
  return command
    .option('--state <dir>', 'where the local system lives', './.scholar')
    .addOption(
      new Option('-o, --output <format>', 'for people or for programs')
        .choices(['table', 'json'])
        .default('table'),
    )
    .addOption(targetOption(called))
    .option('-n, --namespace <name>', "of the cluster target (default: the context's)")
    .option('--context <name>', "of the cluster target (default: the kubeconfig's current one)");
}

function targetOption({ target }: CalledAs): Option {
  const option = new Option(
    '--target <target>',
    target === undefined
      ? 'what to look at (default: local where it runs, else cluster where --namespace is given)'
      : 'what to look at',
  ).choices(['local', 'cluster']);
  return target === undefined ? option : option.default(target);
}

function addUp(command: Command, running: (command: Command, run: Run) => Promise<void>): void {
  command
    .option('-d, --detach', 'return when everything is ready; the system goes on in the background')
    .option('--port-base <n>', 'first of the ports on 127.0.0.1 (default: as last time, else 4100)', port)
    .addOption(
      new Option('--environment <name>', 'default: as last time, else staging').choices([
        'staging',
        'production',
      ]),
    )
    .addOption(
      new Option('--profile <name>', "broken = the brief's production")
        .choices(['healthy', 'broken'])
        .default('healthy'),
    )
    .option(
      '--set <label.key=value>',
      'make the running configuration differ (empty value = unset); repeatable',
      collect,
      [],
    )
    .option(
      '--with-monitoring',
      'also a Prometheus over all of it, with the alerts of the charts (PROMETHEUS= names the program)',
    )
    .action((flags: UpFlags, self: Command) => running(self, (context) => up(context, flags)));
}

function addDrill(command: Command, running: (command: Command, run: Run) => Promise<void>): void {
  command
    .option('--events <n>', 'events that wait out the outage, at most 2000', positive, 100)
    .option('--app <label>', 'in whose name, for instance scholar_auth or A1', 'scholar_auth')
    .option('--every <duration>', 'again and again until Ctrl-C, for instance every 24h')
    .action((flags: DrillFlags, self: Command) => running(self, (context) => drill(context, flags)));
}

function addAccounts(
  verb: (name: string, description: string) => Command,
  running: (command: Command, run: Run) => Promise<void>,
): void {
  verb('keys', "A1's signing keys: rotate")
    .addArgument(new Argument('<verb>').choices(KEYS_VERBS))
    .addOption(
      new Option(
        '--how <way>',
        'announced = signs in 20 minutes; at_once = signs now; withdraw = also no token of the other keys is valid any more',
      )
        .choices(ROTATIONS)
        .default('announced'),
    )
    .option('--yes', 'withdraw; it cannot be taken back')
    .action((name: string, flags: KeysFlags, command: Command) =>
      running(command, (context) => keys(context, name, flags)),
    );
  verb('staff', 'accounts of staff: add ADDRESS, remove USER-ID')
    .addArgument(new Argument('<verb>').choices(STAFF_VERBS))
    .argument('[who]', 'the address of who is added, the user id of who is removed')
    .option(
      '--from-file <file>',
      'read it from a file (- is stdin), to keep it out of the history of a shell',
    )
    .action((name: StaffVerb, who: string | undefined, flags: StaffFlags, command: Command) =>
      running(command, (context) => staff(context, { verb: name, who }, flags)),
    );
}

function addSeal(command: Command, running: (command: Command, run: Run) => Promise<void>): void {
  command
    .requiredOption('--env <name>', 'its certificate is k8s/sealed-secrets/<name>.crt')
    .option('--cert <file>', 'another certificate of the sealed-secrets controller')
    .option('--from-env-file <file>', 'LABEL.NAME=value lines of what only you have; - is stdin')
    .option('--secrets <folder>', 'the same as a folder with a file LABEL.NAME for each value')
    .option('--out <file>', 'the values file; one that is there is continued (default: to stdout)')
    .option('--rotate <names>', 'a new key beside the old: a label, read, operations; repeatable', names, [])
    .option('--revoke <names>', 'take the older of two keys out of the ring; repeatable', names, [])
    .action((flags: SealFlags, self: Command) => running(self, (context) => seal(context, flags)));
}

function addLooks(
  verb: (name: string, description: string) => Command,
  running: (command: Command, run: Run) => Promise<void>,
): void {
  const filtered = (
    name: string,
    description: string,
    run: (context: Context, filter: EventFilter) => Promise<number>,
  ): void => {
    verb(name, description)
      .option('--app <label>', 'of one service only')
      .option('--type <type>', 'of one event type only')
      .option('--since <time>', 'ISO 8601')
      .option('--simulated', 'show simulated events')
      .option('--limit <n>', 'at most so many', positive, 50)
      .action((filter: EventFilter, command: Command) =>
        running(command, (context) => run(context, pick(filter))),
      );
  };
  filtered('events', 'events that A8 holds', events);
  filtered('tail', 'new events as they are committed, until Ctrl-C', tail);
  filtered('rejected', 'events that A8 refused, and why', rejected);
  verb('trace', 'where one event is, why, and when it was where: outbox, forwarder, receipt, row')
    .argument('<id>', 'event id')
    .action((id: string, _flags, command: Command) => running(command, (context) => trace(context, id)));
}

/** Commander hands over all options of the verb; a filter is a part of them. */
function pick({ app, type, since, simulated, limit }: EventFilter): EventFilter {
  return {
    limit,
    ...(app && { app }),
    ...(type && { type }),
    ...(since && { since }),
    ...(simulated && { simulated }),
  };
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function names(value: string, before: string[]): string[] {
  return [...before, ...value.split(',').filter((name) => name !== '')];
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw new InvalidArgumentError('a whole number from 1 to 10000');
  return number;
}

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1024 || number > 65_400)
    throw new InvalidArgumentError('a whole number from 1024 to 65400');
  return number;
}
