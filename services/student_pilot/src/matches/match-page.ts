import { badge, card, html, notice, type SafeHtml } from '@scholar/runtime/http';
import type { ProfileForm } from '../profile/profile.ts';
import { profileFields } from '../profile/profile-fields.ts';
import type { Hit } from './agent-answer.ts';
import type { MatchesRequested } from './match-service.ts';

export const TITLE = 'Your matches';

/** From this score on a match is called strong. */
const STRONG = 50;

/** The form, and above it what was found, when something was asked. */
export function matchPage(page: {
  form: ProfileForm;
  found?: MatchesRequested | undefined;
  above?: SafeHtml | undefined;
}): SafeHtml {
  const { form, found, above } = page;
  const wrong = Object.keys(form.errors).length > 0;
  return html`<h1>${TITLE}</h1>
<p class="lead">What you may apply for, best first, with the reasons.</p>
${above}${wrong && notice('bad', 'Nothing was searched yet: please look at what is marked below.')}
${found && results(found)}
<form class="card" id="search" method="post" action="/matches"><h2>Search by</h2>${profileFields(form)}
<button>Find my matches</button>
<p class="fine">A change here is for this search only; <a href="/profile">your profile</a> stays as it is.</p></form>`;
}

function results({ matching, matches, nearMisses }: MatchesRequested): SafeHtml {
  if (matching === 'unavailable') {
    const text =
      'Matching is not available just now. Your request is noted and what you entered is kept below: please try again in a moment.';
    return notice('bad', text);
  }
  if (matches.length === 0) {
    const text =
      'Nothing in the catalogue fits all of this just now. Try it without a region or with a wider field, and come back: new scholarships open all year round.';
    return html`${notice('info', text)}${nearly(nearMisses)}`;
  }
  const count = matches.length === 1 ? 'One scholarship fits' : `${matches.length} scholarships fit`;
  return html`${notice('good', html`${count}, best first. <a href="#search">Change the search</a>.`)}<div class="grid">${matches.map(result)}</div>${nearly(nearMisses)}`;
}

/** What one thing alone keeps from the student, in a list of its own: nobody should take it for something to apply for now. */
function nearly(nearMisses: readonly Hit[]): SafeHtml | undefined {
  if (nearMisses.length === 0) return undefined;
  return html`<h2 id="nearly">Just missed</h2>
<p>One thing is not as these ask for it, and that by little. It may change, or they may tell you more.</p>
<div class="grid">${nearMisses.map(nearMiss)}</div>`;
}

function nearMiss({ title, why, missing }: Hit): SafeHtml {
  const [short, ...unsaid] = missing;
  return card(
    html`<p>${badge('unknown', 'just missed')} ${short}</p>
${why.length > 0 && html`<ul>${why.map((reason) => html`<li>${reason}</li>`)}</ul>`}${toTell(unsaid)}`,
    title,
  );
}

function toTell(missing: readonly string[]): SafeHtml | undefined {
  if (missing.length === 0) return undefined;
  return html`<p><strong>To be sure, tell us:</strong></p><ul>${missing.map((what) => html`<li>${what}</li>`)}</ul>`;
}

function result({ title, score, why, missing }: Hit): SafeHtml {
  return card(
    html`<p>${score >= STRONG ? badge('green', 'strong match') : badge('unknown', 'possible match')} ${score} of 100</p>
${why.length > 0 && html`<ul>${why.map((reason) => html`<li>${reason}</li>`)}</ul>`}
${toTell(missing)}`,
    title,
  );
}
