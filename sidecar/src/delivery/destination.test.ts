import { resolveDestination } from './destination.ts';

describe('resolveDestination', () => {
  test.each([
    ['http://127.0.0.1:4108', 'http://127.0.0.1:4108', '/events'],
    ['http://a8/', 'http://a8', '/events'],
    ['https://hub.example/telemetry//', 'https://hub.example', '/telemetry/events'],
  ])('%s sends to %s%s', (url, origin, path) => {
    expect(resolveDestination(url, 'k')).toEqual({
      ok: true,
      origin,
      path,
      url: `${origin}${path}`,
      key: 'k',
    });
  });

  test.each([undefined, '', 'a8:4108', 'ftp://a8', 'http://', 'http://u:p@a8', 'http://a8/?x=1'])(
    'holds no_url for %j and repeats none of it',
    (url) => {
      const destination = resolveDestination(url, 'k');
      expect(destination).toMatchObject({ ok: false, reason: 'no_url' });
      if (url) expect(JSON.stringify(destination)).not.toContain(url);
    },
  );

  test.each([undefined, '', 'two words', 'line\nbreak', 'schlüssel'])('holds no_key for key %j', (key) => {
    expect(resolveDestination('http://a8', key)).toMatchObject({ ok: false, reason: 'no_key' });
  });
});
