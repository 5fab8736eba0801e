import { waitFor } from '@scholar/runtime/testing';
import { type Disk, nodeDisk } from '../outbox/index.ts';
import { A8StandIn, confirm, refuses } from '../testing/a8-stand-in.ts';
import { newUser, type PostAnswer, startForwarder, stopForwarders } from '../testing/start-forwarder.ts';

const MIB = 1024 * 1024;

let a8: A8StandIn;

beforeEach(async () => {
  a8 = await new A8StandIn().start();
});

afterEach(async () => {
  await stopForwarders();
  await a8.stop();
});

describe('a full outbox', () => {
  test('answers 507 with Retry-After, stays ready, evicts nothing, and takes events again once A8 does', async () => {
    a8.behaviour = refuses('unauthorized');
    const to = await startForwarder({ url: a8.url, outbox: { maxBytes: MIB, retainBytes: 0 } });
    const accepted: string[] = [];
    let refused: PostAnswer | undefined;
    for (let i = 0; i < 2_000 && !refused; i += 1) {
      const answer = await to.post({ body: newUser(`${i} ${'x '.repeat(480)}`) });
      if (answer.status === 202) accepted.push(answer.id);
      else refused = answer;
    }
    expect(refused).toMatchObject({ status: 507, body: { code: 'outbox_full' } });
    expect(refused?.headers.get('retry-after')).toBe('10');
    expect((await to.forwarder.health.ready()).ready).toBe(true);
    a8.behaviour = confirm;
    await waitFor(() => to.forwarder.status().queue.depth === 0, { timeoutMs: 15_000 });
    expect([...a8.stored.keys()].sort()).toEqual(accepted.sort());
    await waitFor(async () => (await to.post()).status === 202);
  });
});

/** The disk of this machine, until it is told to fail. */
function fragileDisk() {
  const trouble = { on: false };
  const disk: Disk = {
    ...nodeDisk,
    async open(path, mode) {
      const file = await nodeDisk.open(path, mode);
      const guarded = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
        return async (...args: A): Promise<R> => {
          if (trouble.on) throw Object.assign(new Error('EIO: i/o error, write'), { code: 'EIO' });
          return call(...args);
        };
      };
      return {
        ...file,
        write: guarded(file.write),
        writeDurable: guarded(file.writeDurable),
        sync: guarded(file.sync),
      };
    },
  };
  return { disk, trouble };
}

describe('a disk that fails', () => {
  test('answers 503 with Retry-After and is unready; once it works again both are over, and nothing acknowledged is lost', async () => {
    const { disk, trouble } = fragileDisk();
    const to = await startForwarder({ url: a8.url, outbox: { disk } });
    const before = await to.post({ body: newUser('before') });
    trouble.on = true;
    const refused = await to.post();
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await to.forwarder.health.ready()).checks['outbox']).toMatchObject({ ok: false });
    trouble.on = false;
    await waitFor(async () => (await to.forwarder.health.ready()).ready);
    const after = await to.post({ headers: { prefer: 'wait=5' } });
    expect(after.status).toBe(201);
    await waitFor(() => a8.stored.has(before.id));
    expect(a8.stored.has(refused.id)).toBe(false);
  });
});
