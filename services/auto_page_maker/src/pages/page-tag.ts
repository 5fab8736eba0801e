import { createHash } from 'node:crypto';
import { type Page, renderPage } from '@scholar/runtime/http';

/** A kept copy is at least good for three quarters of the time that its form is taken. */
const TAGS_PER_FORM_AGE = 4;

/**
 * The entity tag of a page: the same as long as the page says the same, on every replica. Form tokens and traces do not
 * count, or no copy would ever be good; instead the tag changes often enough for the form in a kept copy to be taken.
 * @param page with an empty form token.
 */
export function pageTag(page: Page, form: { nowMs: number; maxAgeMs: number }): string {
  const period = Math.floor(form.nowMs / (form.maxAgeMs / TAGS_PER_FORM_AGE));
  const hash = createHash('sha256')
    .update(`${period}:${renderPage(page)}`)
    .digest('base64url');
  return `W/"${hash.slice(0, 27)}"`;
}
