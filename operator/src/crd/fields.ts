import { z } from 'zod';

/** Rules that the API server evaluates; `self` is the value that carries them. */
export type CelRule = { rule: string; message: string };

/** Attaches rules to a schema, beside what it already says. */
export function withRules<T extends z.ZodType>(schema: T, ...rules: CelRule[]): T {
  return schema.meta({ ...schema.meta(), 'x-kubernetes-validations': rules });
}

/** A list that is merged by `keys` when several apply parts of it; a second entry with the same keys is refused. */
export function listMap<T extends z.ZodType>(schema: T, ...keys: string[]): T {
  return schema.meta({
    ...schema.meta(),
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': keys,
  });
}

/** The name of a namespaced object. */
export const objectName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

/** A key of a Secret. */
export const secretKey = z
  .string()
  .max(253)
  .regex(/^[-._a-zA-Z0-9]+$/);

/** Base address without credentials: whatever is in a resource is shown to everybody who may read it. */
export const baseUrl = z
  .string()
  .max(2048)
  .regex(/^https?:\/\/[^@/?#\s]+(\/[^?#\s]*)?$/);

/** `90s`, `1m30s`: what Go, CEL and kubectl call a duration. */
export function duration(min: string, max: string) {
  return withRules(
    z
      .string()
      .max(16)
      .regex(/^([0-9]{1,6}(ms|s|m|h))+$/),
    {
      rule: `duration(self) >= duration('${min}') && duration(self) <= duration('${max}')`,
      message: `must be from ${min} to ${max}`,
    },
  );
}

export const instant = z.iso.datetime({ offset: true });

/** Milliseconds, rounded up: a status must not flatter. */
export const wholeMs = z.int().min(0);
