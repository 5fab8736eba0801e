import { drainedIn, lookedIn } from './drain-log.ts';

const LOOK = '{"events":[{"event_id":"a","state":"queued"},{"event_id":"b"}],"totals":{"queued":5,"dead":0}}';
const HELD =
  '{"left":5,"dead":1,"quarantined":0,"state":"held","hold":{"reason":"unauthorized","detail":"401"}}';

test('the last line that is an answer counts, whatever else was written', () => {
  expect(lookedIn(['{"events":[]', LOOK, '(node:1) a warning'])).toEqual({ ids: ['a', 'b'], queued: 5 });
  expect(drainedIn(['{}', HELD])).toEqual({
    left: 5,
    dead: 1,
    quarantined: 0,
    why: 'held: unauthorized 401',
  });
});

test('what is left without a hold was not taken in time; with nothing left there is no reason', () => {
  expect(drainedIn(['{"left":2,"dead":0,"quarantined":0,"hold":null}'])?.why).toContain('in time');
  expect(drainedIn(['{"left":0,"dead":0,"quarantined":0,"hold":null}'])?.why).toBe('');
});

test('a tool that could not look said nothing', () => {
  expect(lookedIn(['there is no folder /var/lib/scholar/outbox'])).toBeUndefined();
  expect(drainedIn([])).toBeUndefined();
});
