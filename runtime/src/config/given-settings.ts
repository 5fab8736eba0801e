import { maskUrl } from './mask-url.ts';
import { parsers } from './parse.ts';
import type { SettingKind } from './setting.ts';
import { shortHash } from './short-hash.ts';

/** What an environment gave to a process, told so that two can be compared without showing a value. */
export type GivenSettings = {
  /** 12 hex over `settings`. */
  hash: string;
  /** 12 hex for each name, in the order of the names. */
  settings: Record<string, string>;
};

/** One value as it was given, before anything was made of it. */
export type GivenSetting = { key: string; kind: SettingKind; raw: string };

/**
 * Pure: the absolute hash of a configuration, the same whoever calculates it: a process from what it was started with, an
 * auditor from a pod template or a desired state. Left out are secrets, and addresses that hide one: they are compared by
 * their fingerprints; and what comes from files, because that is read again while a process runs.
 */
export function givenSettings(given: readonly GivenSetting[]): GivenSettings {
  const settings = Object.fromEntries(
    given
      .filter(({ kind, raw }) => kind !== 'secret' && !hides(raw))
      .map(({ key, kind, raw }) => [key, shortHash([key, canonicalText(kind, raw)])] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return { hash: shortHash(Object.entries(settings)), settings };
}

/** Pure: two texts that mean the same value give the same: `5s` and `5000`, `1` and `true`, a slash more at the end. */
export function canonicalText(kind: SettingKind, raw: string): string {
  const parsed = readers[kind](raw);
  return parsed.ok ? String(parsed.value) : raw.trim();
}

const ANY_SCHEME = (raw: string) => [URL.canParse(raw.trim()) ? new URL(raw.trim()).protocol : ''];

const readers = {
  string: parsers.string,
  secret: parsers.string,
  int: (raw: string) => parsers.int(raw, {}),
  boolean: parsers.boolean,
  duration: parsers.duration,
  oneOf: (raw: string) => parsers.string(raw.trim()),
  url: (raw: string) => parsers.url(raw, ANY_SCHEME(raw)),
} as const;

function hides(raw: string): boolean {
  return URL.canParse(raw) && maskUrl(raw).hidden !== undefined;
}
