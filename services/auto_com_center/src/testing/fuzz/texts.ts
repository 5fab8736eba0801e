import fc from 'fast-check';

/** What a person must never find again in an answer, a log line or a metric, wherever it was put. */
export const PERSON = 'jane.fuzzed@example.com';
const CARD = '4242 4242 4242 4242';

const STRANGE_TEXTS = [
  ...['', '\0', '\ud800', '\u202e', '"', '\\', '\r\n', '%00', '%ff', '../../etc/passwd', '<!--#exec'],
  ...[
    "' OR 1=1 --",
    '<script>alert(1)</script>',
    '__proto__',
    'constructor',
    'toString',
    'null',
    'NaN',
    '-0',
  ],
  ...[PERSON, CARD, 'x'.repeat(1_001), '9'.repeat(400), '1e999999', '\ufeff', '😀'.repeat(300)],
];

/** Any text, and those that somebody has stumbled over before. */
export const text = fc.oneof(
  fc.constantFrom(...STRANGE_TEXTS),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 40 }),
);
