import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** PEM texts: an authority of our own, and a server that it vouches for. */
export interface ServerIdentity {
  ca: string;
  certificate: string;
  key: string;
}

/** Makes an authority and a server certificate for one IP address, by openssl, in an empty folder. */
export async function makeServerIdentity(ip: string, folder: string): Promise<ServerIdentity> {
  const path = (name: string) => join(folder, name);
  const fresh = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30'];
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  await openssl(...fresh, '-subj', '/CN=authority of a test', '-keyout', 'ca.key', '-out', 'ca.crt');
  await openssl(
    ...fresh,
    ...['-subj', '/CN=external-postgresql', '-CA', 'ca.crt', '-CAkey', 'ca.key'],
    ...['-addext', `subjectAltName=IP:${ip}`, '-addext', 'basicConstraints=critical,CA:FALSE'],
    ...['-keyout', 'server.key', '-out', 'server.crt'],
  );
  const [ca, certificate, key] = await Promise.all(
    ['ca.crt', 'server.crt', 'server.key'].map((name) => readFile(path(name), 'utf8')),
  );
  return { ca: ca ?? '', certificate: certificate ?? '', key: key ?? '' };
}
