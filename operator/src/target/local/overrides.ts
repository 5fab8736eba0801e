import { z } from 'zod';
import { writeJson } from './json-file.ts';
import { parseServiceLabel, type ServiceLabel, type StateLayout } from './layout.ts';

/**
 * Where the running system was made to differ from the desired one: by `--set`, by `--profile broken`, by a person.
 * null = unset. Repairing means removing the entry.
 */
export const overridesSchema = z.strictObject({
  settings: z.record(z.string(), z.record(z.string(), z.string().nullable())),
  stopped: z.array(z.string()),
});

export type Overrides = z.infer<typeof overridesSchema>;

export const NO_OVERRIDES: Overrides = { settings: {}, stopped: [] };

/** The brief's production: A6 down, A2's wallet locked, A1 and A7 starving A8. */
const BROKEN: Overrides = {
  settings: {
    scholarship_api: { STRIPE_SECRET_KEY: null },
    scholar_auth: { EMIT_MODE: 'direct', EVENT_NAMES: 'legacy' },
    auto_page_maker: { EMIT_MODE: 'console' },
  },
  stopped: ['provider_register'],
};

export type Profile = 'healthy' | 'broken';

export function profileOverrides(profile: Profile): Overrides {
  return structuredClone(profile === 'broken' ? BROKEN : NO_OVERRIDES);
}

export class UsageError extends Error {}

/**
 * Adds `--set LABEL.KEY=VALUE` to the overrides; an empty value unsets the key.
 * @throws UsageError when the text is not of that form or names no service.
 */
export function withSetting(overrides: Overrides, text: string): Overrides {
  const match = /^([A-Za-z0-9_]+)\.([A-Z][A-Z0-9_]*)=(.*)$/su.exec(text);
  if (match === null)
    throw new UsageError(
      `--set takes LABEL.KEY=VALUE, for instance scholar_auth.A8_URL=…; got ${text.split('=', 1)[0]}`,
    );
  const [, name = '', key = '', value = ''] = match;
  const label = parseServiceLabel(name);
  if (label === undefined)
    throw new UsageError(
      `--set: no service is called ${name}; use a label such as scholar_auth, or A1 to A8`,
    );
  const next = structuredClone(overrides);
  next.settings[label] = { ...next.settings[label], [key]: value === '' ? null : value };
  return next;
}

/** @returns overrides without this key, or without anything of the label when no key is told. */
export function withoutSetting(overrides: Overrides, label: ServiceLabel, key?: string): Overrides {
  const next = structuredClone(overrides);
  if (key === undefined) delete next.settings[label];
  else delete next.settings[label]?.[key];
  if (Object.keys(next.settings[label] ?? {}).length === 0) delete next.settings[label];
  return next;
}

export async function saveOverrides(layout: StateLayout, overrides: Overrides): Promise<void> {
  await writeJson(layout.running, overrides);
}
