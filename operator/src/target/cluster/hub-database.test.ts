import { withCertificate } from './hub-database.ts';

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
