import type { Judged } from '../../../audit/judged.ts';
import { placed } from './placed.ts';
import { oneApp } from './testing/one-app.ts';

const A2 = { label: 'scholarship_api', role: 'app' } as const;

function finding(code: Judged['code'], remedies: Judged['remedies']): Judged {
  return { code, label: 'scholarship_api', severity: 'critical', summary: code, evidence: [], remedies };
}

test('what cannot be carried is advice with the command, what can be is restarted for, since it is environment', () => {
  const view = oneApp({ settings: { EMIT_MODE: 'console' }, env: [{ name: 'PORT', value: '1' }] });
  const [seen] = placed(
    [
      finding('app_crashing', [
        { kind: 'reset_setting', ...A2, key: 'EMIT_MODE', restart: false },
        { kind: 'reset_setting', ...A2, key: 'PORT', restart: true },
        { kind: 'restart', ...A2 },
      ]),
    ],
    view,
  );
  expect(seen?.remedies).toEqual([
    { kind: 'reset_setting', ...A2, key: 'EMIT_MODE', restart: true },
    { kind: 'restart', ...A2 },
  ]);
  expect(seen?.advice).toContain('set env statefulset/scholarship-api -c app PORT-');
});

test('a process that the kubelet starts again and again is not restarted once more with nothing changed', () => {
  const [seen] = placed([finding('app_crashing', [{ kind: 'restart', ...A2 }])], oneApp());
  expect(seen?.remedies).toEqual([]);
  expect(seen?.advice).toContain('kubectl -n trial rollout undo statefulset/scholarship-api');
});

test('a secret that nobody has, and a key that A8 refuses, come with the option that names another Secret', () => {
  const [missing, refused, other] = placed(
    [finding('stripe_secret_key_missing', []), finding('key_not_in_ring', []), finding('backlog_old', [])],
    oneApp(),
  );
  expect(missing?.advice).toContain('--secret-from scholarship_api.STRIPE_SECRET_KEY=secret/NAME#KEY');
  expect(refused?.advice).toContain('--secret-from scholarship_api.A8_KEY=secret/NAME#KEY');
  expect(other?.advice).toBeUndefined();
});
