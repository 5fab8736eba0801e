import { isLeaked } from './leaked-list.ts';
import { createLeakedPasswords, packDigests } from './leaked-passwords.ts';

describe('the list of leaked passwords', () => {
  test('has the common ones that are long enough to be chosen here, in whatever case', () => {
    const common = [
      'qwerty123456',
      'QWERTY123456',
      '1qaz2wsx3edc',
      'password1234',
      'administrator',
      '123456789012',
    ];
    expect(common.filter((password) => !isLeaked(password))).toEqual([]);
  });

  test('has none of what people put together by themselves', () => {
    const own = Array.from({ length: 20_000 }, (_, i) => `${i} lanterns over a quiet harbour`);
    expect(own.filter(isLeaked)).toEqual([]);
  });

  test('finds each of a list and nothing beside it, whatever stands first or last', () => {
    const listed = Array.from({ length: 1_001 }, (_, i) => `listed password ${i}`);
    const holds = createLeakedPasswords(packDigests([...listed, ...listed]));
    expect(listed.filter((password) => !holds(password))).toEqual([]);
    expect(listed.filter((password) => holds(`${password}!`))).toEqual([]);
  });

  test('is one of many thousands, each of them a digest', () => {
    const one = packDigests(['a listed password']);
    expect(one).toHaveLength(5);
    for (const damaged of [Buffer.alloc(0), one.subarray(1)])
      expect(() => createLeakedPasswords(damaged)).toThrow('make leaked-passwords');
  });
});
