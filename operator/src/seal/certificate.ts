import { createHash, X509Certificate } from 'node:crypto';
import { readText } from '../target/local/json-file.ts';
import { UsageError } from '../target/local/overrides.ts';

/** A certificate of a sealed-secrets controller. */
export interface SealingCertificate {
  path: string;
  /** `sha256:` and 64 hex of its public key (SubjectPublicKeyInfo, DER). */
  fingerprint: string;
  /** Epoch ms. */
  notAfter: number;
}

/** Reads the committed certificate. @throws UsageError when it is missing, is none, or has expired by `now` (epoch ms). */
export async function readCertificate(path: string, now: number): Promise<SealingCertificate> {
  const text = await readText(path);
  const fetchIt = 'Fetch it from the cluster with `kubeseal --fetch-cert` and commit it; it is public.';
  if (text === undefined) throw new UsageError(`The certificate ${path} is missing. ${fetchIt}`);
  const certificate = parsed(text);
  if (certificate?.publicKey.asymmetricKeyType !== 'rsa')
    throw new UsageError(`${path} holds no RSA certificate in PEM. ${fetchIt}`);
  const notAfter = certificate.validToDate.getTime();
  if (notAfter <= now)
    throw new UsageError(
      `The certificate ${path} has expired (${certificate.validToDate.toISOString()}). The controller has a newer one. ${fetchIt}`,
    );
  const der = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return { path, fingerprint: `sha256:${createHash('sha256').update(der).digest('hex')}`, notAfter };
}

function parsed(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}
