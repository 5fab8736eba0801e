import { sameEvent } from './same-event.ts';

const bytes = (text: string) => Buffer.from(text);

describe('sameEvent', () => {
  test('order of keys and white space make no difference', () => {
    expect(
      sameEvent(
        bytes('{"event_type":"NewUser","a":{"b":1,"c":2}}'),
        bytes('{ "a":{"c":2,"b":1.0}, "event_type":"NewUser"}'),
      ),
    ).toBe(true);
  });

  test('a legacy name is the event that it stands for', () => {
    expect(sameEvent(bytes('{"event_type":"user_signed_up"}'), bytes('{"event_type":"NewUser"}'))).toBe(true);
  });

  test('another value is another event', () => {
    expect(sameEvent(bytes('{"event_type":"NewUser"}'), bytes('{"event_type":"NewLead"}'))).toBe(false);
  });
});
