import { readFile } from 'node:fs/promises';

/** Whom a program runs as: empty for ourselves, uid and gid where we are root. */
export type RunAs = { uid?: number; gid?: number };

/**
 * PostgreSQL refuses to run as root, so as root it runs as the machine's user `postgres`, or `nobody` where there is
 * none. We never create a user.
 * @throws Error when we are root and the machine knows neither.
 */
export async function chooseUser(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {};
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const found = findUser(passwd, 'postgres') ?? findUser(passwd, 'nobody');
  if (found !== undefined) return found;
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody" to run it as. ' +
      'Run this command as an ordinary user.',
  );
}

/** Reads one user out of the text of /etc/passwd (passwd(5)). */
export function findUser(passwd: string, name: string): Required<RunAs> | undefined {
  for (const line of passwd.split('\n')) {
    const [user, , uid, gid] = line.split(':');
    if (user === name && Number(uid) > 0 && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}
