import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '@scholar/runtime/testing';
import { readGivenValues } from './given-values.ts';

const noStdin = async (): Promise<string> => {
  throw new Error('stdin was read');
};
const fromText = (text: string) => readGivenValues({ envFile: '-' }, async () => text);

const URL_A = 'postgresql://a:pass=word@db.example:5432/scholar?sslmode=verify-full';

test('lines of NAME=value, as they stand; comments and empty lines are left out', async () => {
  const text = `# database\n\nscholar_auth.DATABASE_URL=${URL_A}\r\nprovider_register.STRIPE_WEBHOOK_SECRET=whsec_x\n`;
  expect(await fromText(text)).toEqual({
    'scholar_auth.DATABASE_URL': URL_A,
    'provider_register.STRIPE_WEBHOOK_SECRET': 'whsec_x',
  });
});

test('a folder with a file for each value, without the newline at its end; hidden files are left out', async () => {
  const folder = await tempDir('given');
  await writeFile(join(folder, 'scholar_auth.DATABASE_URL'), `${URL_A}\n`);
  await mkdir(join(folder, '..data'));
  expect(await readGivenValues({ folder }, noStdin)).toEqual({ 'scholar_auth.DATABASE_URL': URL_A });
});

test('nothing is given where nothing is named, and stdin is left alone', async () => {
  expect(await readGivenValues({}, noStdin)).toEqual({});
});

describe('what cannot be meant is refused, and no message repeats a value', () => {
  test.each([
    ['a line that is none', 'hunter2', /line 1: expected NAME=value/],
    [
      'a name twice',
      `a.DATABASE_URL=${URL_A}\na.DATABASE_URL=${URL_A}`,
      /line 2: a.DATABASE_URL stands there twice/,
    ],
    ['an empty value', 'a.DATABASE_URL=', /expected one line that is not empty/],
    ['another protocol', 'a.DATABASE_URL=mysql://hunter2@db/x', /expected postgresql:/],
    ['a short key', 'CANARY_KEY=hunter2', /at least 32 random bytes/],
    ['a Stripe key of no known kind', 'a.STRIPE_SECRET_KEY=hunter2', /expected sk_/],
  ])('%s', async (_case, text, message) => {
    const refused = fromText(text);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.not.toThrow(/hunter2/);
  });

  test('one value in file and folder', async () => {
    const folder = await tempDir('given');
    await writeFile(join(folder, 'a.DATABASE_URL'), URL_A);
    const both = readGivenValues({ envFile: '-', folder }, async () => `a.DATABASE_URL=${URL_A}`);
    await expect(both).rejects.toThrow('a.DATABASE_URL: given in the file and in the folder');
  });
});
