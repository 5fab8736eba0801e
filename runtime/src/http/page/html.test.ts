import { badge, dataTable, field, html, renderPage, trusted } from '../index.ts';

describe('html', () => {
  test('escapes text and attribute values', () => {
    const evil = `"><script>alert('x')</script>&`;
    expect(html`<a title="${evil}">${evil}</a>`.toString()).not.toMatch(/<script>|title=""/);
    expect(html`${`<>&"'`}`.toString()).toBe('&lt;&gt;&amp;&quot;&#39;');
  });

  test('does not escape markup twice, joins lists and leaves out what is not there', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}</ul>${false}${null}${undefined}${0}`.toString()).toBe(
      '<ul><li>a</li><li>&lt;b&gt;</li></ul>0',
    );
    expect(html`${trusted('<hr>')}`.toString()).toBe('<hr>');
  });
});

describe('renderPage', () => {
  test('is a whole document with title, service, navigation and no inline code', () => {
    const page = renderPage({
      title: 'Matches & more',
      service: 'Student pilot',
      nav: [{ href: '/matches', text: 'Matches', current: true }],
      body: html`<h1>Hello</h1>`,
    });
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain('<title>Matches &amp; more · scholar</title>');
    expect(page).toContain('<a href="/matches" aria-current="page">Matches</a>');
    expect(page).toContain('<main id="main" class="wrap">\n<h1>Hello</h1>');
    expect(page).not.toMatch(/<style|<script|style=|onclick/);
  });
});

describe('elements', () => {
  test('a badge says its verdict in words', () => {
    expect(badge('red').toString()).toBe('<span class="badge red">red</span>');
  });

  test('a field ties its label and hint to the input and keeps the value escaped', () => {
    const markup = field({
      name: 'email',
      label: 'E-mail',
      type: 'email',
      value: '"x',
      hint: 'Yours',
      required: true,
    });
    expect(markup.toString()).toContain('<label for="field-email">E-mail</label>');
    expect(markup.toString()).toContain(
      'required aria-describedby="field-email-hint" type="email" value="&quot;x"',
    );
  });

  test('a field says what is wrong beside it, for everybody', () => {
    const markup = field({
      name: 'gpa',
      label: 'GPA',
      hint: 'Of 4.0',
      error: '<5>',
      inputmode: 'decimal',
      maxlength: 3,
    });
    expect(markup.toString()).toContain(
      'aria-invalid="true" aria-describedby="field-gpa-error field-gpa-hint" maxlength="3" autofocus',
    );
    expect(markup.toString()).toContain('id="field-gpa-error">&lt;5&gt;</small>');
    expect(markup.toString()).toContain('inputmode="decimal"');
  });

  test('a select marks the chosen option', () => {
    const options = [
      { value: 'a', text: 'A' },
      { value: 'b', text: 'B' },
    ];
    expect(field({ name: 'x', label: 'X', options, value: 'b' }).toString()).toContain(
      '<option value="b" selected>B',
    );
  });

  test('a table escapes its cells', () => {
    expect(dataTable({ head: ['App'], rows: [['<A1>']] }).toString()).toContain(
      '<td data-label="App">&lt;A1&gt;</td>',
    );
  });
});
