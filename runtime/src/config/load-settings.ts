import { keyFingerprint } from '@scholar/contract';
import { type Env, processEnv } from './env.ts';
import { type GivenSettings, givenSettings } from './given-settings.ts';
import { maskUrl } from './mask-url.ts';
import { type Raw, readRaw } from './read-raw.ts';
import type { Setting, SettingKind } from './setting.ts';
import { shortHash } from './short-hash.ts';

// biome-ignore lint/suspicious/noExplicitAny: a shape holds settings of every type; `unknown` would lose their values
export type SettingsShape = Record<string, Setting<any>>;
export type SettingsValues<S extends SettingsShape> = {
  [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

/** One setting as it may be shown: `value` never for a secret, `fingerprint` only for secrets. */
export type SettingReport = {
  key: string;
  kind: SettingKind;
  source: 'env' | 'file' | 'default' | 'unset';
  set: boolean;
  value?: string;
  fingerprint?: string;
};

export type LoadedSettings<S extends SettingsShape = SettingsShape> = {
  /** Typed values. Only to be used when `problems` is empty: a key with a problem is undefined here. */
  values: SettingsValues<S>;
  /** Why the process cannot start. Every one, not the first; each says the key, what was expected and what to do. */
  problems: string[];
  /** What is wrong though the process can run, e.g. a secret's file that cannot be read (decision 13). */
  findings: string[];
  /** Secrets and tolerated URLs that are required for the work and absent, by name. */
  missing: string[];
  describe(): SettingReport[];
  /** 12 hex: equal for two processes exactly when they run with the same configuration. */
  configHash: string;
  /** What the environment gave, name by name: what an auditor calculates too, from the desired state. */
  given: GivenSettings;
};

type Outcome = {
  /** As the environment gave it, where it did and it can be used. */
  raw?: string | undefined;
  value: unknown;
  report: SettingReport;
  problem?: string;
  finding?: string;
  missing: boolean;
};

/** Declares a shape; it exists to keep the literal types. Shapes are merged by spreading. */
export function defineSettings<const S extends SettingsShape>(shape: S): S {
  return shape;
}

/**
 * Reads every setting of a shape and reports every problem at once.
 * @param env the environment to read; that of the process by default.
 */
export function loadSettings<const S extends SettingsShape>(
  shape: S,
  env: Env = processEnv(),
): LoadedSettings<S> {
  const outcomes = Object.entries(shape).map(([key, spec]) => ({ key, ...loadOne(key, spec, env) }));
  const reports = outcomes.map((outcome) => outcome.report);
  return {
    values: Object.fromEntries(outcomes.map(({ key, value }) => [key, value])) as SettingsValues<S>,
    problems: outcomes.flatMap(({ problem }) => problem ?? []),
    findings: outcomes.flatMap(({ finding }) => finding ?? []),
    missing: outcomes.filter((outcome) => outcome.missing).map(({ key }) => key),
    describe: () => reports,
    configHash: hashReports(reports),
    given: givenSettings(
      outcomes.flatMap(({ key, report: { kind }, raw }) => (raw === undefined ? [] : [{ key, kind, raw }])),
    ),
  };
}

function loadOne(key: string, spec: Setting, env: Env): Outcome {
  const raw = readRaw(key, spec, env);
  if (raw.ambiguous) return { ...unset(key, spec), problem: `${raw.trouble}.` };
  if (raw.value === undefined) return withoutValue(key, spec, raw);
  const parsed = spec.parse(raw.value);
  if (parsed.ok) {
    const outcome = withValue({ key, spec, source: raw.source as 'env' | 'file', value: parsed.value });
    return raw.source === 'env' ? { ...outcome, raw: raw.value } : outcome;
  }
  const where = raw.source === 'file' ? `in the file ${raw.path}` : 'in the environment';
  const sentence = `${key}: expected ${parsed.expected}; what is ${where} is not that. ${remedy(key, spec)}`;
  return complain(key, spec, sentence);
}

function withoutValue(key: string, spec: Setting, raw: Raw): Outcome {
  if (raw.trouble) return complain(key, spec, `${key}: ${raw.trouble}. (${spec.description})`);
  if (spec.default !== undefined) {
    return withValue({ key, spec, source: 'default', value: spec.default });
  }
  if (spec.optional || spec.kind === 'secret') return unset(key, spec);
  return {
    ...unset(key, spec),
    problem: `${key} is not set: expected ${expectation(spec)}. ${remedy(key, spec)}`,
  };
}

/** What may be absent may also be unreadable without an outage; everything else must be put right first. */
function complain(key: string, spec: Setting, sentence: string): Outcome {
  const isFinding = spec.kind === 'secret' || spec.tolerant;
  return { ...unset(key, spec), ...(isFinding ? { finding: sentence } : { problem: sentence }) };
}

function unset(key: string, spec: Setting): Outcome {
  return {
    value: undefined,
    missing: spec.needed,
    report: { key, kind: spec.kind, source: 'unset', set: false },
  };
}

function withValue(found: {
  key: string;
  spec: Setting;
  source: 'env' | 'file' | 'default';
  value: unknown;
}): Outcome {
  const { key, spec, source, value } = found;
  const report: SettingReport = {
    key,
    kind: spec.kind,
    source,
    set: true,
    ...show(spec.kind, String(value)),
  };
  return { value, report, missing: false };
}

function show(kind: SettingKind, value: string): Pick<SettingReport, 'value' | 'fingerprint'> {
  if (kind === 'secret') return { fingerprint: keyFingerprint(value) };
  if (kind !== 'url') return { value };
  const { shown, hidden } = maskUrl(value);
  return hidden === undefined ? { value: shown } : { value: shown, fingerprint: keyFingerprint(hidden) };
}

function remedy(key: string, spec: Setting): string {
  const file = spec.kind === 'secret' || spec.kind === 'url' ? ` or ${key}_FILE` : '';
  return `Set ${key}${file}. (${spec.description})`;
}

function expectation(spec: Setting): string {
  const parsed = spec.parse('');
  return parsed.ok ? `a ${spec.kind}` : parsed.expected;
}

function hashReports(reports: readonly SettingReport[]): string {
  const facts = reports
    .map(({ key, value, fingerprint }) => [key, value ?? null, fingerprint ?? null])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  return shortHash(facts);
}
