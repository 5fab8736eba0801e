import { formatMoney } from '@scholar/runtime/money';
import type { Order } from './order.ts';

/** What a provider is told about an order, and what comes next. */
export type NextStep = {
  kind: 'info' | 'good' | 'bad';
  /** The state in a few words. */
  title: string;
  /** What happened to the money, and what to do now. */
  text: string;
  /** `pay`: the button leads to a payment page; `wait`: nothing is to be done; `none`: it is done. */
  next: 'pay' | 'wait' | 'none';
  /** The words on that button. */
  button?: string;
};

/** Each state that a provider meets says what is to be done. Pure. */
export function nextStep({ state, attempt }: Pick<Order, 'state' | 'attempt'>): NextStep {
  const { payment, failedRefunds } = attempt;
  const money = (cents: number) =>
    payment === undefined ? '' : formatMoney(cents, payment.currency, 'price');
  switch (state) {
    case 'open':
      return {
        ...{ kind: 'info', title: 'Not paid yet', next: 'pay', button: 'Go on to the payment page' },
        text: 'Nothing was charged so far. If you have just paid, look again in a moment.',
      };
    case 'unpaid':
      return {
        ...{ kind: 'info', title: 'On its way', next: 'wait' },
        text: 'Your bank has been asked for the money, which can take some days. There is nothing to do; please do not pay again.',
      };
    case 'failed':
      return {
        ...{ kind: 'bad', title: 'The payment failed', next: 'pay', button: 'Try again' },
        text: 'Your bank did not pay. Nothing was charged. Try again, with another way to pay if you like.',
      };
    case 'expired':
      return {
        ...{ kind: 'info', title: 'The payment page has expired', next: 'pay', button: 'Try again' },
        text: 'Nothing was charged. Try again whenever you like; you get a new payment page.',
      };
    case 'paid':
      return failedRefunds === 0
        ? {
            ...{ kind: 'good', title: 'Paid', next: 'none' },
            text: 'This order is paid. The receipt is below; there is nothing more to do.',
          }
        : {
            ...{ kind: 'bad', title: 'Paid; a refund did not arrive', next: 'wait' },
            text: 'We gave money back and your bank returned it to us, so this order counts as paid. Please write to us how we can give it back.',
          };
    case 'partly_refunded':
      return {
        ...{ kind: 'good', title: 'Paid, and a part was given back', next: 'none' },
        text: `${money(payment?.givenBackCents ?? 0)} of ${money(payment?.amountCents ?? 0)} was given back; it can take ten days to be in your account. The order stays paid.`,
      };
    case 'refunded':
      return {
        ...{ kind: 'info', title: 'Given back', next: 'pay', button: 'Pay for a listing' },
        text: `${money(payment?.amountCents ?? 0)} was given back; it can take ten days to be in your account. For a listing, pay again: that is a new order.`,
      };
  }
}
