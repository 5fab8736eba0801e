import { dataTable, html, notice, type SafeHtml } from '../http/index.ts';
import type { ErasureStatus, Step } from './privacy-api.ts';

export const ERASURE_TITLE = 'Your account is being deleted';
export const ERASED_TITLE = 'Your account is deleted';

/** The parts of scholar in words for people; A8 keeps no data of its own about anybody, and empties what it was sent. */
const PART: Readonly<Record<string, string>> = {
  scholar_auth: 'Accounts',
  scholarship_api: 'Catalogue',
  scholarship_agent: 'Matching',
  scholarship_sage: 'Answers',
  student_pilot: 'Pages for students',
  provider_register: 'Pages for providers',
  auto_page_maker: 'Landing pages',
  auto_com_center: 'Record of events',
};

/** How far the erasure is. Nobody has to be signed in for it, and it names nobody. */
export function erasurePage(status: ErasureStatus | undefined): SafeHtml {
  if (status === undefined)
    return html`<h1>${ERASURE_TITLE}</h1>${notice('info', 'How far it is cannot be told just now. It goes on by itself; look again later.')}`;
  if (status.finished_at !== null)
    return html`<h1>${ERASED_TITLE}</h1>${notice('good', 'Every part of scholar has confirmed it, with the copies on its disks. What stays are accounts of payments, without your name.')}`;
  const confirmed = status.parties.filter(isDone).length;
  return html`<h1>${ERASURE_TITLE}</h1>
${notice('info', `${confirmed} of ${status.parties.length} parts of scholar have confirmed. The first are asked some minutes after your request, when every session has ended. Nobody can sign in any more, and you need not do anything.`)}
${dataTable({
  caption: 'How far each part is',
  head: ['Part', 'What it keeps', 'Copies on its disks'],
  rows: status.parties.map(({ party, forwarders, ...own }) => [
    PART[party] ?? party,
    inWords(own),
    forwarders ? inWords(forwarders) : 'none',
  ]),
})}
<p>Who cannot be reached is asked again, by itself, until everything is deleted. Keep the address of this page if you want to look again.</p>`;
}

function isDone({ confirmed_at, forwarders }: ErasureStatus['parties'][number]): boolean {
  return confirmed_at !== null && (!forwarders || forwarders.confirmed_at !== null);
}

function inWords({ confirmed_at, last_problem }: Step): string {
  if (confirmed_at !== null) return 'deleted';
  if (last_problem === 'files_quarantined') return 'not yet: somebody has to remove damaged files';
  return last_problem ? 'not yet: asked again' : 'not yet';
}
