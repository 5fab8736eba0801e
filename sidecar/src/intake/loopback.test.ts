import { foreignRequest, isLoopbackAddress } from './loopback.ts';

describe('foreignRequest', () => {
  test.each(['127.0.0.1', '127.0.0.1:4200', '127.1.2.3:80', 'localhost', 'LOCALHOST:4200', '[::1]:4200'])(
    'serves Host %s',
    (host) => {
      expect(foreignRequest({ host })).toBeUndefined();
    },
  );

  test.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:4200',
    '10.0.0.1',
    '[::2]',
    'localhost:4200@evil.example',
  ])('refuses Host %s', (host) => {
    expect(foreignRequest(host === undefined ? {} : { host })).toMatch(/Host header/);
  });

  test('refuses any Origin, even our own', () => {
    expect(foreignRequest({ host: 'localhost', origin: 'http://localhost:4200' })).toMatch(/Origin/);
    expect(foreignRequest({ host: 'localhost', origin: 'null' })).toMatch(/Origin/);
  });
});

test('only loopback addresses are listened on', () => {
  expect(['127.0.0.1', '127.8.8.8', '::1', 'localhost'].filter((host) => !isLoopbackAddress(host))).toEqual(
    [],
  );
  expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.evil', ''].filter(isLoopbackAddress)).toEqual([]);
});
