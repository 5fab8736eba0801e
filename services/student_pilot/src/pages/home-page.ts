import { card, html, type SafeHtml } from '@scholar/runtime/http';
import type { Visitor } from '@scholar/runtime/sign-in';
import { sessionNotice, signOutForm } from './session-notice.ts';

export function homePage(visitor: Visitor): SafeHtml {
  const known = visitor.signedIn === 'yes';
  return html`<h1>Find the scholarships that are meant for you</h1>
<p class="lead">Tell us what you study and where, see what fits and why, and ask whatever you want to know.</p>
${sessionNotice(visitor)}
${!known && html`<p class="row"><a class="button" href="/signup">Make an account</a><a class="button quiet" href="/login">Sign in</a></p>`}
<div class="grid">
${card(html`<p>Seven answers, all of them optional. The more you tell, the better the matches.</p><p><a href="/profile">Your profile</a></p>`, 'Tell us')}
${card(html`<p>Scholarships that you may apply for, best first, with the reasons and what is missing.</p><p><a href="/matches">Your matches</a></p>`, 'See what fits')}
${card(html`<p>Everything that is open, by words, field, region and what you bring.</p><p><a href="/scholarships">All scholarships</a></p>`, 'Look around')}
${card(html`<p>Essays, letters, deadlines, money: answers from our guide and catalogue, with their sources.</p><p><a href="/ask">Ask a question</a></p>`, 'Ask')}
</div>
${known && signOutForm()}`;
}
