import { createPasswordHasher } from './hasher.ts';
import { parsePhc } from './phc.ts';

const cheap = { memoryKib: 64, passes: 1, lanes: 1 };
const hasher = (cost = cheap) => createPasswordHasher({ cost, places: 2, maxWaiting: 8 });

describe('passwords', () => {
  test('verifies what the reference implementation of Argon2id hashed', async () => {
    const reference =
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await hasher().verify('password', reference)).toEqual({ matches: true, outdated: true });
  });

  test('the right password matches and a wrong one does not', async () => {
    const stored = await hasher().hash('correct horse');
    expect(await hasher().verify('correct horse', stored)).toEqual({ matches: true, outdated: false });
    expect((await hasher().verify('battery staple', stored)).matches).toBe(false);
  });

  test('one password gives two hashes, and the cost stands in each', async () => {
    const [a, b] = await Promise.all([hasher().hash('x'), hasher().hash('x')]);
    expect(a).not.toBe(b);
    expect(parsePhc(a)?.cost).toEqual(cheap);
  });

  test('a hash of another cost still matches and is called outdated', async () => {
    const stored = await hasher({ ...cheap, passes: 2 }).hash('x');
    expect(await hasher().verify('x', stored)).toEqual({ matches: true, outdated: true });
  });

  test('nothing matches where no hash is stored, or where it cannot be read', async () => {
    for (const stored of [undefined, null, '', 'plain']) {
      expect(await hasher().verify('plain', stored)).toEqual({ matches: false, outdated: false });
    }
  });

  test('letters composed in another way are the same password', async () => {
    const stored = await hasher().hash('caf\u00e9-parole');
    expect((await hasher().verify('cafe\u0301-parole', stored)).matches).toBe(true);
  });
});
