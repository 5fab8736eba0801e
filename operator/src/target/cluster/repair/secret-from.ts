import type { ServedLabel } from '../../../audit/remedy.ts';
import type { TruthTableSpec } from '../../../crd/spec.ts';

/** Where a missing secret may be copied from; named by a person or by a TruthTable, never guessed. */
export interface SecretSource {
  label: ServedLabel;
  /** The setting, e.g. STRIPE_SECRET_KEY. */
  key: string;
  /** Name of a Secret of the same namespace, and the key within it. */
  secret: string;
  secretKey: string;
}

/** Discards events of an outbox: the forwarder's alone, and `<app>-repair` is read by its app too. */
const NEVER_COPIED = new Set(['CONTROL_TOKEN']);

const FORM =
  /^(?<label>[A-Za-z0-9_]+)\.(?<key>[A-Z][A-Z0-9_]*)=secret\/(?<secret>[a-z0-9]([-a-z0-9.]*[a-z0-9])?)#(?<secretKey>[-._A-Za-z0-9]+)$/u;

/**
 * Pure: `LABEL.KEY=secret/NAME#KEY`.
 * @param labelOf the label of A1, scholar_auth and so on.
 * @returns what is wrong with it, in words, where it is not of that form.
 */
export function parseSecretSource(
  text: string,
  labelOf: (name: string) => ServedLabel | undefined,
): SecretSource | string {
  const groups = FORM.exec(text)?.groups;
  if (groups === undefined)
    return 'it takes LABEL.KEY=secret/NAME#KEY, for instance scholarship_api.STRIPE_SECRET_KEY=secret/vault#stripe';
  const { label: name = '', key = '', secret = '', secretKey = '' } = groups;
  const label = labelOf(name);
  if (label === undefined)
    return `no service is called ${name}; use a label such as scholar_auth, or A1 to A8`;
  if (NEVER_COPIED.has(key)) return `${key} is the forwarder's alone and is not copied`;
  return { label, key, secret, secretKey };
}

/**
 * Pure: the sources that a TruthTable names. What a SealedSecret owns is never written, only reported, so it is no source.
 */
export function declaredSources(apps: TruthTableSpec['apps']): SecretSource[] {
  return apps.flatMap(({ label, secrets }) =>
    secrets
      .filter(({ setting, source }) => source.kind === 'Secret' && !NEVER_COPIED.has(setting))
      .map(({ setting, source }) => ({
        label,
        key: setting,
        secret: source.name,
        secretKey: source.key ?? setting,
      })),
  );
}

export function sourceOf(
  sources: readonly SecretSource[],
  wanted: { label: ServedLabel; key: string },
): SecretSource | undefined {
  return sources.find(({ label, key }) => label === wanted.label && key === wanted.key);
}
