export const STYLESHEET_PATH = '/assets/scholar.css';

/**
 * The look of every page, as text because the compiler copies no other files. Colours are named once and swapped for
 * dark mode; the layout needs no more than 360 px; the system's own font, so that nothing is loaded.
 */
export const STYLESHEET = `:root {
  color-scheme: light dark;
  --page: #f6f7f9; --surface: #fff; --line: #d9dee5; --ink: #1b2430; --quiet: #5a6675;
  --accent: #1f56c4; --accent-ink: #fff;
  --green: #0b6b3a; --green-soft: #dff5e8; --red: #a11d24; --red-soft: #fde7e7; --grey: #4f5b68; --grey-soft: #e8ebef;
  --radius: 10px; --gap: 1rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11161d; --surface: #1a212b; --line: #323c49; --ink: #e8edf3; --quiet: #9eabba;
    --accent: #8ab4ff; --accent-ink: #0d1a30;
    --green: #7fdca6; --green-soft: #14351f; --red: #ff9d9d; --red-soft: #441a1d; --grey: #b4bfcb; --grey-soft: #2a333e;
  }
}
*, ::before, ::after { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink); min-height: 100vh; display: flex; flex-direction: column;
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: break-word;
}
.wrap { max-width: 68rem; margin-inline: auto; padding-inline: 1rem; }
main { width: 100%; flex: 1; padding-block: 1.5rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .75rem; letter-spacing: -.01em; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 .6rem; }
p { margin: 0 0 .8rem; }
a { color: var(--accent); text-underline-offset: .15em; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9em; }
pre { overflow-x: auto; padding: .8rem; background: var(--grey-soft); border-radius: var(--radius); }
:focus-visible, input:focus-within { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: .5rem; z-index: 1; background: var(--surface); padding: .4rem .8rem; }
.top { background: var(--surface); border-bottom: 1px solid var(--line); }
.top .wrap { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1.5rem; padding-block: .75rem; }
.brand { display: flex; align-items: baseline; gap: .6rem; color: var(--ink); text-decoration: none; }
.brand b { font-size: 1.15rem; letter-spacing: -.02em; color: var(--accent); }
.brand span { color: var(--quiet); }
nav { display: flex; flex-wrap: wrap; gap: .2rem; margin-inline-start: auto; }
nav a { padding: .35rem .7rem; border-radius: 6px; color: var(--ink); text-decoration: none; }
nav a:hover { background: var(--grey-soft); }
nav a[aria-current] { background: var(--grey-soft); font-weight: 600; }
.consent { border-top: 1px solid var(--line); background: var(--surface); font-size: .9rem; color: var(--quiet); }
.consent form { max-width: 68rem; display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1rem; padding-block: .8rem; }
.consent p { margin: 0; }
.lead { font-size: 1.1rem; color: var(--quiet); max-width: 42rem; }
.fine { font-size: .875rem; color: var(--quiet); }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.1rem; margin: 0 0 var(--gap); }
.card > :last-child { margin-bottom: 0; }
.grid { display: grid; gap: var(--gap); grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); margin-bottom: var(--gap); }
.grid > .card { margin: 0; }
.row { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; }
.problem { max-width: 36rem; margin: 2rem auto; }
.problem .code { font-size: 2.6rem; font-weight: 700; line-height: 1; color: var(--quiet); margin-bottom: .5rem; }
.badge { display: inline-block; padding: .1rem .6rem; border-radius: 999px; font-size: .85rem; font-weight: 600; white-space: nowrap; background: var(--grey-soft); color: var(--grey); }
.badge.green { background: var(--green-soft); color: var(--green); }
.badge.red { background: var(--red-soft); color: var(--red); }
.notice { padding: .7rem 1rem; border-radius: var(--radius); border-inline-start: 4px solid var(--accent); background: var(--grey-soft); }
.notice.good { border-color: var(--green); background: var(--green-soft); color: var(--green); }
.notice.bad { border-color: var(--red); background: var(--red-soft); color: var(--red); }
.scroll { overflow-x: auto; margin: 0 0 var(--gap); border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: start; padding: .7rem .8rem 0; font-weight: 600; }
th, td { text-align: start; padding: .55rem .8rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-size: .85rem; color: var(--quiet); font-weight: 600; white-space: nowrap; }
tbody tr:last-child td { border-bottom: 0; }
@media (max-width: 40rem) {
  .scroll thead { position: absolute; left: -999rem; }
  .scroll tr { display: block; padding-block: .5rem; border-bottom: 1px solid var(--line); }
  .scroll tbody tr:last-child { border-bottom: 0; }
  .scroll td { display: block; position: relative; padding: .2rem .8rem .2rem 7.5rem; border: 0; }
  .scroll td::before { content: attr(data-label); position: absolute; inset-inline-start: .8rem; color: var(--quiet); font-size: .85rem; }
  .scroll td:empty { display: none; }
  .scroll td:not([data-label]) { padding-inline-start: .8rem; }
}
form { max-width: 34rem; }
form.wide { max-width: none; }
.field { margin: 0 0 .9rem; }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
small { display: block; margin-top: .25rem; color: var(--quiet); }
small.error { color: var(--red); font-weight: 600; }
[aria-invalid] { border-color: var(--red); }
input, select, textarea { width: 100%; padding: .55rem .7rem; font: inherit; color: inherit; background: var(--page); border: 1px solid var(--quiet); border-radius: 7px; }
input[type=checkbox], input[type=radio] { width: auto; }
fieldset { border: 0; padding: 0; min-width: 0; }
legend { padding: 0; font-weight: 600; margin-bottom: .25rem; }
label.choice { display: inline-flex; gap: .4rem; align-items: center; font-weight: 400; margin: 0; padding-block: .2rem; }
details { margin: 0 0 var(--gap); }
summary { cursor: pointer; color: var(--accent); padding-block: .3rem; }
button, .button { display: inline-block; padding: .55rem 1.1rem; font: inherit; font-weight: 600; color: var(--accent-ink); background: var(--accent); border: 1px solid transparent; border-radius: 7px; cursor: pointer; text-decoration: none; }
button:hover, .button:hover { filter: brightness(1.08); }
button.quiet, .button.quiet { color: var(--ink); background: transparent; border-color: var(--line); }
button + .fine { margin-top: .7rem; }
button.reveal { margin-top: .35rem; padding: .2rem .7rem; font-size: .85rem; }
meter { width: 8rem; vertical-align: middle; }
.pager { margin-inline: 0; margin-block: 0 1.5rem; }
.tag { display: inline-block; padding: .25rem .75rem; border-radius: 999px; background: var(--surface); border: 1px solid var(--line); text-decoration: none; }
.tag:hover, .tag[aria-current] { border-color: var(--accent); }
.tag[aria-current] { font-weight: 600; }
@media (prefers-reduced-motion: no-preference) { button, .button, nav a { transition: background-color .12s, filter .12s; } }
`;
