import { html, type Page } from '@scholar/runtime/http';
import { pageTag } from './page-tag.ts';

const DAY_MS = 86_400_000;
const page = (words: string): Page => ({ title: 'Find a scholarship', body: html`<p>${words}</p>` });
const at = (nowMs: number, words = 'open') => pageTag(page(words), { nowMs, maxAgeMs: DAY_MS });

test('a tag tells pages with other words apart', () => {
  expect(at(0)).toBe(at(0));
  expect(at(0)).not.toBe(at(0, 'closed'));
});

test('a tag changes four times while a form is taken, so that no kept copy has a form that is too old', () => {
  expect(at(DAY_MS / 4 - 1)).toBe(at(0));
  expect(at(DAY_MS / 4)).not.toBe(at(0));
});
