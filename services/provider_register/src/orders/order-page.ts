import { card, dataTable, html, notice, type SafeHtml } from '@scholar/runtime/http';
import { formatMoney } from '@scholar/runtime/money';
import type { Provider } from '../providers/provider.ts';
import { nextStep } from './next-step.ts';
import { type Attempt, numberOf, type Order, type OrderState, stateOf } from './order.ts';

const WORDS: Readonly<Record<OrderState, string>> = {
  open: 'open',
  unpaid: 'waiting for the bank',
  failed: 'failed',
  expired: 'expired',
  paid: 'paid',
  partly_refunded: 'partly given back',
  refunded: 'given back',
};

/** An order: where it stands, what to do, and each payment page that it had. Works without scripts. */
export function orderPage(provider: Provider, order: Order): SafeHtml {
  const step = nextStep(order);
  const own = `/providers/${provider.id}`;
  return html`<h1>Order ${numberOf(provider.id, order.reference) ?? order.reference}</h1>
${notice(step.kind, html`<strong>${step.title}.</strong> ${step.text}`)}
${
  step.next === 'pay' &&
  card(html`<form method="post" action="${own}/checkout"><button>${step.button}</button></form>`)
}
${dataTable({
  caption: 'Payment pages of this order',
  head: ['Opened on', 'State', 'Amount', 'Receipt'],
  rows: order.attempts.map((attempt) => row(own, attempt)),
})}
<p><a href="${own}">${provider.name}</a></p>`;
}

function row(own: string, attempt: Attempt) {
  const { payment, session_id, opened_at } = attempt;
  return [
    `${opened_at.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    WORDS[stateOf(attempt)],
    payment === undefined ? '–' : formatMoney(payment.amountCents, payment.currency, 'price'),
    payment === undefined
      ? '–'
      : html`<a href="${own}/payments/${session_id}"><code>${session_id.slice(-12)}</code></a>`,
  ];
}

/** The latest order on the page of its provider: where it stands, and the way to its own page. */
export function orderCard(provider: Provider, order: Order): SafeHtml | false {
  const number = numberOf(provider.id, order.reference);
  if (number === undefined) return false;
  const { title, text } = nextStep(order);
  return card(
    html`<p><strong>${title}.</strong> ${text}</p>
<p><a href="/providers/${provider.id}/orders/${number}">Order ${number}</a></p>`,
    'Your latest order',
  );
}
