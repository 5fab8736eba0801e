import { createTestDatabase, type TestDatabase } from '@scholar/runtime/testing';
import fc from 'fast-check';
import { byteaArray, plainArray, textArray } from './array-literal.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

async function throughPostgres(type: string, literal: string): Promise<unknown> {
  const { rows } = await database.pool.query<{ back: unknown }>(`SELECT $1::${type}[] AS back`, [literal]);
  return rows[0]?.back;
}

test('PostgreSQL reads back every text that it can store, and NULL', async () => {
  const texts = fc
    .string({ unit: fc.oneof(fc.constantFrom('"', '\\', '{', '}', ',', ' ', 'NULL', '\n'), fc.string()) })
    .filter((text) => text.isWellFormed() && !text.includes('\0'));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(texts), { maxLength: 8 }), async (elements) => {
      expect(await throughPostgres('text', textArray(elements))).toEqual(elements);
    }),
    { numRuns: 200 },
  );
  expect(await throughPostgres('text', textArray(['NULL', '', ' ', null]))).toEqual(['NULL', '', ' ', null]);
});

test('and bytes, numbers, truth values', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 })), async (elements) => {
      const buffers = elements.map((each) => Buffer.from(each));
      expect(await throughPostgres('bytea', byteaArray(buffers))).toEqual(buffers);
    }),
    { numRuns: 50 },
  );
  expect(await throughPostgres('integer', plainArray([1, 256]))).toEqual([1, 256]);
  expect(await throughPostgres('boolean', plainArray([true, false]))).toEqual([true, false]);
});
