import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppLabel, isAppLabel } from '@scholar/contract';
import { z } from 'zod';

const clientFile = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/i) });

export interface ServiceClients {
  /** The app that this label and secret belong to. False for unknown labels, missing files and wrong secrets alike. */
  verify(label: string, secret: string): Promise<AppLabel | undefined>;
}

/**
 * The secrets of our services, known by their SHA-256: `<dir>/<label>.json {"sha256": "<64 hex>"}`. The secrets are
 * long and random, so a plain digest is enough. A file is read at each use: a rotated secret works at once, and a
 * token is asked for once in ten minutes per service.
 */
export function createServiceClients(dir: string): ServiceClients {
  return {
    async verify(label, secret) {
      // The label becomes a file name: only the seven of the contract get there.
      const stored = isAppLabel(label) ? await storedDigest(join(dir, `${label}.json`)) : undefined;
      const presented = createHash('sha256').update(secret).digest();
      if (!isAppLabel(label) || !stored || !timingSafeEqual(stored, presented)) return undefined;
      return label;
    },
  };
}

async function storedDigest(path: string): Promise<Buffer | undefined> {
  try {
    const parsed = clientFile.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? Buffer.from(parsed.data.sha256, 'hex') : undefined;
  } catch {
    // No file, or half a file while it is being replaced: this client is not known now.
    return undefined;
  }
}

/** Label and secret of an `Authorization: Basic` header, taken as they are (RFC 7617); undefined for anything else. */
export function parseBasic(header: string | undefined): { label: string; secret: string } | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? [];
  const [, label, secret] =
    /^([^:]+):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  return label === undefined || secret === undefined ? undefined : { label, secret };
}
