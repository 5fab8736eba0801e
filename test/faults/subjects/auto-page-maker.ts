import { createServiceHarness } from '@scholar/runtime/testing';
import { service } from '../../../services/auto_page_maker/src/service.ts';
import type { Rig, Subject } from '../rig.ts';
import { REFRESH, send, someone, until, warm } from './asking.ts';

/** As a browser sends the form that it was shown; the copy that it has was made on a good day. */
async function sendForm(rig: Rig): Promise<Response> {
  const page = rig.known.get('page') ?? (await (await send(rig, '/')).text());
  rig.known.set('page', page);
  const [, token = ''] = /name="form_token" value="([^"]+)"/.exec(page) ?? [];
  return send(rig, '/leads', { form: { form_token: token, email: someone(), name: 'Ada L.' } });
}

export const pageMaker: Subject = {
  label: 'auto_page_maker',
  start: (options) => createServiceHarness(service, options),
  env: { ...REFRESH, ACCOUNT_RETRY_INTERVAL: '100ms', FORM_MIN_FILL: '0' },
  async prepare(rig) {
    await until(rig, pageMaker, 'open a landing page', 'Halcyon Grant');
    await warm(rig, pageMaker);
  },
  asks: {
    'open a landing page': { send: (rig) => send(rig, '/'), status: 200 },
    'leave an address by the form': { send: sendForm, status: 303, leaves: 'NewLead' },
    'leave an address (JSON)': {
      send: (rig) => send(rig, '/leads', { json: { email: someone() } }),
      status: 201,
      leaves: 'NewLead',
    },
  },
};
