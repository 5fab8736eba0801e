import { MORE_PROBLEMS, PROBLEMS } from '@scholar/contract';
import { card, dataTable, html, type Page, type SafeHtml } from '@scholar/runtime/http';
import { type Operation, operationsOf, type Parameter, schemasOf } from './document.ts';

/** The OpenAPI document as a page: plain HTML, without a script. */
export function apiPage(document: Record<string, unknown>): Page {
  const operations = operationsOf(document);
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  const body = html`<h1>API of A8</h1>
<p class="lead">The same as <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). Send a key as <code>authorization: Bearer …</code>; each route names the role that it needs.</p>
${card(paging(), 'Pages and filters')}
${tags.map((tag) => section(tag, operations))}
<section aria-labelledby="problems"><h2 id="problems">Problems</h2>
<p>Every refusal is <code>application/problem+json</code> (RFC 9457) with one of these codes. Each has a page in docs/errors.</p>
${problemTable()}</section>
<section aria-labelledby="documents"><h2 id="documents">Documents</h2>
${schemasOf(document).map(({ name, schema }) => schemaView(name, schema))}</section>
<p><a href="/">Back to the first page</a></p>`;
  return {
    title: 'API',
    service: 'A8 HQ',
    body,
    description: 'Every route of A8, its parameters and its answers.',
  };
}

function paging(): SafeHtml {
  return html`<p>A list answers <code>next_cursor</code>: give it as <code>cursor</code> for the next page; null means that there is none now. <code>GET /events</code> also answers
<code>position</code>: keep it, and ask from there later for what has come since. No transaction that commits late is passed by. A cursor belongs to the order it came from.
Filters narrow a list and may be joined; simulated events are left out unless <code>simulated=include</code> or <code>only</code> is given. A wrong filter is 422
<code>validation_failed</code> and names itself.</p>`;
}

function section(tag: string, operations: readonly Operation[]): SafeHtml {
  const own = operations.filter((operation) => operation.tag === tag);
  return html`<section aria-labelledby="tag-${tag}"><h2 id="tag-${tag}">${tag}</h2>${own.map(operationView)}</section>`;
}

function operationView(operation: Operation): SafeHtml {
  const { id, method, path, summary, role, parameters, body, responses } = operation;
  const rows = responses.map(({ status, text, schema }) => [
    status,
    html`${text}${schema && html` ${link(schema)}`}`,
  ]);
  return card(html`<h3 id="${id}"><code>${method} ${path}</code></h3>
<p>${summary}. ${role === undefined ? 'Without a key.' : html`Key of the role <code>${role}</code>.`}${body && html` Body: ${link(body)}.`}</p>
${parameters.length > 0 && dataTable({ head: ['Parameter', 'Where', 'Values', 'What'], rows: parameters.map(parameterRow) })}
${dataTable({ head: ['Status', 'Answer'], rows })}`);
}

function parameterRow({ name, where, required, values, text }: Parameter): SafeHtml[] {
  return [
    html`<code>${name}</code>${required && ' (required)'}`,
    html`${where}`,
    html`${values}`,
    html`${text}`,
  ];
}

function link(name: string): SafeHtml {
  return html`<a href="#schema-${name}">${name}</a>`;
}

function schemaView(name: string, schema: unknown): SafeHtml {
  return html`<details id="schema-${name}"><summary>${name}</summary><pre tabindex="0">${JSON.stringify(schema, undefined, 2)}</pre></details>`;
}

function problemTable(): SafeHtml {
  const rows = Object.entries({ ...PROBLEMS, ...MORE_PROBLEMS }).map(([code, { status, title, advice }]) => [
    html`<code id="problem-${code}">${code}</code>`,
    html`${String(status)}`,
    html`${title}`,
    html`${advice}`,
  ]);
  return dataTable({ head: ['Code', 'Status', 'What it means', 'What to do'], rows });
}
