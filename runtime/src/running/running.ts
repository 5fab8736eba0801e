import { type BuildStamp, type Environment, PROTOCOL, type Running } from '@scholar/contract';
import { buildStamp } from '../build/index.ts';
import { type Clock, systemClock } from '../clock/index.ts';
import type { LoadedSettings } from '../config/index.ts';
import { VERSION } from './version.ts';

export type { Running };

/** What only the process itself can tell; everything may be a function of now. */
export type RunningFacts = Partial<
  Pick<Running, 'endpoint' | 'emit_mode' | 'event_names' | 'sends_authorization' | 'missing' | 'findings'>
> & {
  /** Settings that are re-read while the process runs, by key: they replace what was true at the start. */
  settings?: Running['settings'];
};

/**
 * Builds the function behind `/running`: what was configured at the start, overlaid with what is true now.
 * @param options.now facts that change, e.g. the fingerprint of a key that was re-read from its file.
 */
export function createRunning(options: {
  label: string;
  role: Running['role'];
  environment: Environment;
  settings: Pick<LoadedSettings, 'describe' | 'missing' | 'findings' | 'configHash' | 'given'>;
  version?: string;
  /** What this process is made of; looked up unless told. */
  build?: BuildStamp;
  startedAt?: Date;
  now?: () => RunningFacts;
  /** The wall clock, so that whoever asks sees when it is wrong. */
  clock?: Pick<Clock, 'now'>;
}): () => Running {
  const { label, role, environment, settings, version = VERSION, startedAt = new Date() } = options;
  const { clock = systemClock, build = buildStamp() } = options;
  const atStart = Object.fromEntries(settings.describe().map(({ key, ...report }) => [key, report]));
  const withKinds = (now: Running['settings'] = {}): Running['settings'] =>
    Object.fromEntries(
      Object.entries(now).map(([key, report]) => {
        const kind = atStart[key]?.kind;
        return [key, kind === undefined ? report : { ...report, kind }];
      }),
    );
  const started_at = startedAt.toISOString();
  return () => {
    const facts = options.now?.() ?? {};
    const findings = facts.findings ?? settings.findings;
    return {
      label,
      role,
      version,
      protocol: PROTOCOL,
      pid: process.pid,
      started_at,
      now: new Date(clock.now()).toISOString(),
      environment,
      endpoint: facts.endpoint ?? null,
      emit_mode: facts.emit_mode ?? null,
      event_names: facts.event_names ?? null,
      sends_authorization: facts.sends_authorization ?? null,
      config_hash: settings.configHash,
      config: settings.given,
      build,
      settings: { ...atStart, ...withKinds(facts.settings) },
      missing: facts.missing ?? settings.missing,
      ...(findings.length > 0 ? { findings } : {}),
    };
  };
}
