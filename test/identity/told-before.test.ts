import { START, type Subject } from './subjects.ts';

/** Where somebody is asked for an address for the first time, and what they read there of what becomes of it. */
const FORMS = [
  ['student_pilot', '/signup', /We keep your address to let you in .* have it deleted/],
  ['provider_register', '/', /We keep what you enter here for your account.* have it deleted/],
  ['auto_page_maker', '/', /We use your address to make your account and to write to you/],
] as const;

test.each(FORMS)(
  '%s says at %s what is kept and why, beside the form that asks for it',
  async (label, path, words) => {
    const subject: Subject = await START[label]();
    try {
      const page = await (await subject.harness.fetch(path, { headers: { accept: 'text/html' } })).text();
      expect(page).toContain('name="email"');
      expect(page).toMatch(words);
      // Nothing is ticked for anybody.
      expect(page).not.toMatch(/type="checkbox"[^>]* checked/);
    } finally {
      await subject.harness.stop();
    }
  },
);
