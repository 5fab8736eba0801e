import {
  card,
  dataTable,
  HttpProblem,
  html,
  prefersHtml,
  type SafeHtml,
  sendPage,
} from '@scholar/runtime/http';
import type { Express } from 'express';
import type { RegisterDeps } from '../deps.ts';
import { SERVICE } from '../pages/show-page.ts';
import { ownProvider } from '../providers/own-provider.ts';
import type { Provider } from '../providers/provider.ts';
import { findReceipt, type Receipt } from './payment-store.ts';

/** GET /providers/:id/payments/:session: the receipt of a payment, to print or as JSON. 404 for one of another provider. */
export function receiptRoute(app: Express, deps: RegisterDeps): void {
  app.get('/providers/:id/payments/:session', async (req, res) => {
    const provider = await ownProvider(deps, req, res);
    const receipt = await findReceipt(deps.pool, provider.id, req.params.session);
    if (receipt === undefined) {
      throw new HttpProblem({ status: 404, code: 'not_found', detail: 'There is no such payment.' });
    }
    if (prefersHtml(req)) {
      sendPage(res, { title: 'Receipt', service: SERVICE, body: receiptPage(provider, receipt) });
    } else res.json(receipt);
  });
}

function receiptPage(provider: Provider, receipt: Receipt): SafeHtml {
  return html`<h1>Receipt</h1>
${card(
  html`${dataTable({
    caption: 'Scholarship listing',
    head: ['What', 'Value'],
    rows: [
      ['Paid by', provider.name],
      ['Paid on', `${receipt.created_at.toISOString().slice(0, 16).replace('T', ' ')} UTC`],
      ['Amount', receipt.amount],
      ...(receipt.refunded === null ? [] : [['Given back', receipt.refunded]]),
      ['Order', receipt.order_reference ?? 'without a reference'],
      ['Payment at Stripe', html`<code>${receipt.session_id}</code>`],
    ],
  })}`,
)}
<p><a href="/providers/${provider.id}">All payments</a></p>`;
}
