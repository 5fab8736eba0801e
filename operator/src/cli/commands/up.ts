import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { Environment } from '@scholar/contract';
import { systemClock } from '@scholar/runtime/clock';
import { ask } from '../../gather/http-client.ts';
import { openLocalTarget } from '../../target/local/local-target.ts';
import { type Overrides, type Profile, profileOverrides, withSetting } from '../../target/local/overrides.ts';
import { inStateFolder, StartFailure } from '../../target/local/start-failure.ts';
import { localStatus } from '../../target/local/status.ts';
import { bringUp, type LocalSystem } from '../../target/local/up.ts';
import { startWatch } from '../../target/local/watch.ts';
import { verify } from '../../verify/verify.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { startProgress } from '../progress.ts';
import { truthTableText } from '../truth-table-text.ts';
import { welcomeText } from '../welcome-text.ts';

export interface UpFlags {
  detach?: boolean;
  portBase?: number;
  environment?: Environment;
  profile: Profile;
  set: string[];
  withMonitoring?: boolean;
}

/** `scholar up`: this process becomes the supervisor; with --detach a child of it does. */
export async function up(context: Context, flags: UpFlags): Promise<ExitCode> {
  const overrides = flags.set.reduce(withSetting, profileOverrides(flags.profile));
  if (flags.detach === true) return detach(context);
  return supervise(context, flags, overrides);
}

/** What a detached supervisor tells the command that started it. */
type Announcement = { line: string } | { ready: true } | { failed: string };

async function supervise(context: Context, flags: UpFlags, overrides: Overrides): Promise<ExitCode> {
  const watched = (): boolean => process.send !== undefined && process.connected;
  const announce = (message: Announcement): void => {
    if (watched()) process.send?.(message);
  };
  const screen = {
    ...context.screen,
    err: (line: string) => (watched() ? announce({ line }) : context.screen.err(line)),
  };
  const asked = stopSignal();
  let system: LocalSystem;
  try {
    system = await bringUp({
      layout: context.layout,
      environment: flags.environment,
      portBase: flags.portBase,
      overrides,
      given: {
        stripeSecretKey: nonEmpty(context.env['STRIPE_SECRET_KEY']),
        stripeWebhookSecret: nonEmpty(context.env['STRIPE_WEBHOOK_SECRET']),
      },
      a6PublicUrl: nonEmpty(context.env['A6_PUBLIC_URL']),
      otlpEndpoint: nonEmpty(context.env['OTEL_EXPORTER_OTLP_ENDPOINT']),
      monitoring:
        flags.withMonitoring === true
          ? { named: nonEmpty(context.env['PROMETHEUS']), path: context.env['PATH'] ?? '' }
          : undefined,
      onChange: startProgress(screen, systemClock.monotonic),
    });
  } catch (cause) {
    if (!(cause instanceof StartFailure)) throw cause;
    if (watched()) announce({ failed: cause.message });
    else context.screen.err(cause.message);
    return EXIT.bad;
  }
  announce({ ready: true });
  if (process.connected) process.disconnect();
  else await showProof(context, flags);
  const watch = startWatch({ layout: context.layout, clock: systemClock, ask });
  const reason = await Promise.race([asked, system.shutdownAsked.then(() => 'scholar down')]);
  context.screen.err(`Stopping (${reason}): apps first, then forwarders and A8, PostgreSQL last.`);
  await watch.stop();
  await system.stop();
  context.screen.err('Stopped. What was acknowledged is on disk; the next start goes on from there.');
  return EXIT.ok;
}

async function showProof(context: Context, flags: UpFlags): Promise<void> {
  const target = await openLocalTarget(context.layout);
  const deps = { target, ask, clock: systemClock };
  try {
    // Seventeen processes that have just started answer their first request slowly; that is not what a P95 is about.
    await verify(deps, { samples: 1, simulations: false });
    const proof = await verify(deps, { samples: 20, simulations: flags.profile === 'healthy' });
    await target.recordVerdicts(proof.table).catch(() => undefined);
    context.screen.out(truthTableText(proof.table, context.screen));
  } finally {
    await target.close();
  }
  context.screen.out(welcomeText(await localStatus(context.layout, ask), context.screen));
}

/** Resolves with the name of the first signal; a third one ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    let count = 0;
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        count += 1;
        if (count > 2) process.exit(130);
        resolve(name);
      });
    }
  });
}

async function detach(context: Context): Promise<ExitCode> {
  const { layout, screen } = context;
  const log = await inStateFolder(layout, async () => {
    await mkdir(layout.logs, { recursive: true, mode: 0o700 });
    return openSync(layout.log('supervisor'), 'a', 0o600);
  });
  const args = [
    ...process.execArgv,
    ...process.argv.slice(1).filter((arg) => arg !== '--detach' && arg !== '-d'),
  ];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log, 'ipc'] });
  const outcome = await new Promise<Announcement>((resolve) => {
    child.on('message', (message: Announcement) => {
      if ('line' in message) screen.err(message.line);
      else resolve(message);
    });
    child.once('exit', (code) =>
      resolve({ failed: `The supervisor ended with code ${code}; see ${layout.log('supervisor')}` }),
    );
    child.once('error', (cause) => resolve({ failed: cause.message }));
  });
  if (child.connected) child.disconnect();
  child.unref();
  if ('failed' in outcome) {
    screen.err(outcome.failed);
    return EXIT.bad;
  }
  const status = await localStatus(layout, ask);
  screen.out(context.json ? JSON.stringify(status, null, 2) : welcomeText(status, screen));
  return EXIT.ok;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
