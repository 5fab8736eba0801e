import { CouldNotLook } from '../../could-not-look.ts';
import { ofSecret, withCertificate } from './hub-database.ts';

const read = (path: string): string | undefined =>
  path === '/etc/scholar/database-ca/ca.crt' ? 'PEM' : undefined;

test.each([
  [
    'postgresql://r:w@db.example.com:5432/scholar?sslmode=verify-full&sslrootcert=/etc/scholar/database-ca/ca.crt',
    'postgresql://r:w@db.example.com:5432/scholar',
    { ca: 'PEM', servername: 'db.example.com', anyName: false },
  ],
  [
    'postgresql://r:w@db/scholar?sslmode=verify-ca&sslrootcert=/etc/scholar/database-ca/ca.crt',
    'postgresql://r:w@db/scholar',
    { ca: 'PEM', servername: 'db', anyName: true },
  ],
  ['postgresql://r:w@db/scholar?sslmode=require', 'postgresql://r:w@db/scholar?sslmode=require', undefined],
])("the authority of %s is taken from A8's pod", (given, url, tls) => {
  expect(withCertificate(given, read)).toEqual({ url, tls });
});

test('where a table names a Secret, rows are read by its URL alone; what is not there is told, not replaced by what A8 has', () => {
  const sources = {
    configMaps: {},
    secrets: { reader: { url: 'postgresql://reader@db/scholar\n', odd: 'no url' } },
  };
  expect(ofSecret({ sources }, { secret: 'reader', key: 'url' })).toBe('postgresql://reader@db/scholar');
  const look = (secret: string, key: string) => () => ofSecret({ sources }, { secret, key });
  expect(look('reader', 'odd')).toThrow(
    'The Secret reader has no connection URL under odd, which hub.database',
  );
  expect(look('reader', 'none')).toThrow(CouldNotLook);
  expect(look('nowhere', 'url')).toThrow('There is no Secret nowhere');
});
