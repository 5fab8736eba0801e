import { createServer } from 'node:net';

/** Below the kernel's ephemeral ports (32768 and up), which every connection and every listener on port 0 takes from. */
const FIRST = 10_000;
/** Each Jest worker has a stretch of its own, so that suites which run side by side are never handed the same port. */
const STRETCH = 2_000;
const WORKERS = 5;

let taken = Math.floor(Math.random() * STRETCH);

/**
 * A port of 127.0.0.1 that nobody listens on now, and that no suite beside this one is given.
 * Only for programs that cannot listen on port 0.
 */
export async function freePort(): Promise<number> {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 1) % WORKERS;
  for (let tries = 0; tries < STRETCH; tries += 1) {
    taken = (taken + 1) % STRETCH;
    const port = FIRST + worker * STRETCH + taken;
    if (await canListen(port)) return port;
  }
  throw new Error(`every port of this worker's ${STRETCH} is in use`);
}

/**
 * The first of `count` consecutive ports that are free now; searched from a random place, in whole hundreds.
 * @throws Error after fifty places
 */
export async function freePortBlock(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const base = 20_000 + Math.floor(Math.random() * 120) * 100;
    const free = await Promise.all(Array.from({ length: count }, (_, index) => canListen(base + index)));
    if (free.every(Boolean)) return base;
  }
  throw new Error(`no ${count} consecutive free ports were found`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port }, () => probe.close(() => resolve(true)));
  });
}
