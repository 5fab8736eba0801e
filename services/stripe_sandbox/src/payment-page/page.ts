import { card, dataTable, html, notice, type SafeHtml } from '@scholar/runtime/http';
import { formatMoney } from '@scholar/runtime/money';
import type { CheckoutSession, LineItem } from '../stripe-objects.ts';

/** What the payer sees: what it costs, and what they may do now. There is no card field: the sandbox knows no cards. */
export function paymentPage(session: CheckoutSession, items: readonly LineItem[]): SafeHtml {
  const total = formatMoney(session.amount_total, session.currency, 'price');
  return html`<h1>Pay ${total}</h1>
${notice('info', "This is a sandbox that stands in for Stripe's payment page. No money moves.")}
${dataTable({
  caption: 'Your order',
  head: ['Item', 'Quantity', 'Amount'],
  rows: [
    ...items.map((item) => [
      item.description,
      item.quantity,
      formatMoney(item.amount_total, item.currency, 'price'),
    ]),
    [html`<strong>Total</strong>`, '', html`<strong>${total}</strong>`],
  ],
})}
${card(actions(session))}`;
}

function actions(session: CheckoutSession): SafeHtml {
  if (session.status === 'expired') return notice('bad', 'This payment page has expired.');
  if (session.status === 'open') {
    return html`<form method="post" class="wide"><div class="row">
<button name="action" value="pay">Pay ${formatMoney(session.amount_total, session.currency, 'price')}</button>
<button class="quiet" name="action" value="pay_later">Pay by bank debit (decided later)</button>
<button class="quiet" name="action" value="cancel">Cancel and go back</button>
</div></form>`;
  }
  if (session.payment_status !== 'unpaid') return notice('good', 'Paid. Thank you.');
  return html`${notice('info', 'The bank debit is under way. Decide how it ends:')}
<form method="post" class="wide"><div class="row">
<button name="action" value="settle">The debit succeeds</button>
<button class="quiet" name="action" value="fail">The debit fails</button>
</div></form>`;
}
