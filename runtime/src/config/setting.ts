import { parsers } from './parse.ts';

export type SettingKind = 'string' | 'int' | 'url' | 'oneOf' | 'boolean' | 'secret' | 'duration';

/** What a parser says: the value, or what was expected (never quoting what it got: it may be a secret). */
export type Parsed<T> = { ok: true; value: T } | { ok: false; expected: string };

export type Setting<T = unknown> = {
  readonly kind: SettingKind;
  /** One sentence for people, shown with every problem and in the generated documentation. */
  readonly description: string;
  readonly default?: T | undefined;
  readonly optional: boolean;
  /** Older names that are still read; the main name wins. */
  readonly aliases: readonly string[];
  /** A malformed value is a finding and the setting counts as unset; the process starts (decision 13). */
  readonly tolerant: boolean;
  /** Without a value it is reported as missing, though the process starts: of secrets and of tolerant settings. */
  readonly needed: boolean;
  readonly parse: (raw: string) => Parsed<T>;
};

type Common = { description: string; aliases?: readonly string[] };
type WithDefault<T> = Common & { default: T; optional?: boolean };
type Optional = Common & { optional: true; default?: undefined };
type Required = Common & { optional?: false; default?: undefined };
type Any<T> = Common & {
  optional?: boolean | undefined;
  default?: T | undefined;
  tolerant?: boolean | undefined;
  needed?: boolean | undefined;
};

function make<T>(kind: SettingKind, options: Any<T>, parse: (raw: string) => Parsed<T>): Setting<T> {
  const optional = options.optional ?? false;
  const tolerant = options.tolerant ?? false;
  return {
    kind,
    description: options.description,
    default: options.default,
    optional,
    aliases: options.aliases ?? [],
    tolerant,
    needed: options.needed ?? (tolerant || (kind === 'secret' && !optional)),
    parse,
  };
}

function string(options: WithDefault<string> | Required): Setting<string>;
function string(options: Optional): Setting<string | undefined>;
function string(options: Any<string>): Setting<string | undefined> {
  return make('string', options, parsers.string);
}

type IntRange = { min?: number; max?: number };
function int(options: (WithDefault<number> | Required) & IntRange): Setting<number>;
function int(options: Optional & IntRange): Setting<number | undefined>;
function int(options: Any<number> & IntRange): Setting<number | undefined> {
  return make('int', options, (raw) => parsers.int(raw, options));
}

type UrlRules = { protocols?: readonly string[] };
function url(options: (WithDefault<string> | Required) & UrlRules): Setting<string>;
function url(
  options: Optional & UrlRules & { tolerant?: boolean; needed?: boolean },
): Setting<string | undefined>;
function url(options: Any<string> & UrlRules): Setting<string | undefined> {
  return make('url', options, (raw) => parsers.url(raw, options.protocols));
}

type Choices<V extends string> = { values: readonly V[] };
function oneOf<const V extends string>(
  options: (WithDefault<NoInfer<V>> | Required) & Choices<V>,
): Setting<V>;
function oneOf<const V extends string>(options: Optional & Choices<V>): Setting<V | undefined>;
function oneOf<const V extends string>(options: Any<V> & Choices<V>): Setting<V | undefined> {
  return make('oneOf', options, (raw) => parsers.oneOf(raw, options.values));
}

function boolean(options: WithDefault<boolean> | Required): Setting<boolean>;
function boolean(options: Optional): Setting<boolean | undefined>;
function boolean(options: Any<boolean>): Setting<boolean | undefined> {
  return make('boolean', options, parsers.boolean);
}

function duration(options: WithDefault<number> | Required): Setting<number>;
function duration(options: Optional): Setting<number | undefined>;
function duration(options: Any<number>): Setting<number | undefined> {
  return make('duration', options, parsers.duration);
}

/** `optional: true` says that the process is complete without it: then it is never reported as missing. */
function secret(options: Common & { optional?: boolean }): Setting<string | undefined> {
  return make('secret', options, parsers.string);
}

/**
 * The kinds of settings. `string`, `int`, `boolean`: as they sound. `url`: absolute, kept without trailing slashes.
 * `oneOf`: one of `values`. `duration`: milliseconds, written as a number or as `250ms`, `5s`, `10m`, `2h`.
 * `secret`: never shown, and never required: a missing one is reported, the process starts all the same.
 * Kinds `secret` and `url` may also come from a file, named by `<KEY>_FILE`.
 */
export const setting = { string, int, url, oneOf, boolean, duration, secret };
