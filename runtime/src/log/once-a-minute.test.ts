import { FakeClock } from '../testing/index.ts';
import { onceAMinute } from './once-a-minute.ts';

function said() {
  const clock = new FakeClock();
  const lines: [object, string][] = [];
  const mention = onceAMinute(
    (fields, message) => lines.push([fields, message]),
    () => clock.monotonic(),
  );
  return { clock, lines, mention };
}

test('a thousand failures of a minute are one line, and the next line says how many there were', async () => {
  const { clock, lines, mention } = said();
  for (let index = 0; index < 1_000; index += 1) mention({ index }, 'it failed');
  expect(lines).toEqual([[{ index: 0 }, 'it failed']]);
  await clock.advance(60_000);
  mention({ index: 1_000 }, 'it failed');
  mention({ index: 1_001 }, 'it failed');
  expect(lines.slice(1)).toEqual([[{ index: 1_000, muted: 999 }, 'it failed']]);
});

test('topics do not silence each other, and one line may have several', () => {
  const { lines, mention } = said();
  mention({}, 'refused', 'contract');
  mention({}, 'refused', 'size');
  mention({}, 'refused', 'size');
  mention({}, 'failed');
  expect(lines.map(([, message]) => message)).toEqual(['refused', 'refused', 'failed']);
});
