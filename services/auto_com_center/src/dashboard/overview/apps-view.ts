import { APPS, type TruthRow } from '@scholar/contract';
import { badge, dataTable, html, type SafeHtml } from '@scholar/runtime/http';
import { grouped, span } from '../times.ts';
import { address } from '../view-filter.ts';
import type { AppFacts } from './app-facts.ts';
import { type Freshness, freshnessOf } from './freshness.ts';

export type AppState = AppFacts & {
  /** Real events of the last hour; null where they could not be counted in time. */
  events1h: number | null;
  /** Of recent writes through this replica, milliseconds. */
  p95Ms: number | null;
  row: TruthRow | undefined;
};

const BADGES = {
  live: ['green', 'live'],
  quiet: ['green', 'quiet'],
  too_quiet: ['red', 'too quiet'],
  dead: ['red', 'dead'],
  unknown: ['unknown', 'unknown'],
} as const satisfies Record<Freshness['state'], readonly ['green' | 'red' | 'unknown', string]>;

/** Every app in one line: is it quiet or dead, what it sent, what it owes. */
export function appsView(apps: readonly AppState[], shown: { nowMs: number; ageS: number | null }): SafeHtml {
  const asked =
    shown.ageS === null
      ? 'No forwarder has been asked yet: "scholar verify" does it.'
      : `Backlogs are what each forwarder itself said ${span(shown.ageS)} ago, when the truth table was made; A8 cannot see them.`;
  return html`${dataTable({
    head: [
      'App',
      'State',
      'Last event',
      'Last canary',
      'Events 1 h',
      'Refused 1 h',
      'Backlog',
      'Oldest waits',
      'P95 write',
    ],
    rows: apps.map((app) => cells(app, shown.nowMs)),
  })}<p class="fine">${asked}</p>`;
}

function cells(app: AppState, nowMs: number) {
  const { label, events1h, refused1h, row, p95Ms } = app;
  const freshness = freshnessOf({
    sinceEventS: secondsSince(app.lastEventAt, nowMs),
    lastHour: events1h,
    row,
  });
  const [colour, word] = BADGES[freshness.state];
  const least = row?.minimum_per_hour ?? 0;
  return [
    html`<strong>${APPS[label].number}</strong> ${APPS[label].title}`,
    html`${badge(colour, word)}<small>${freshness.why}</small>`,
    ago(app.lastEventAt, nowMs),
    ago(app.lastCanaryAt, nowMs),
    html`<a href="${address('/live', { app: label, show: 'stored' })}">${events1h === null ? 'not counted' : grouped(events1h)}</a>${least > 0 && html`<small>least ${grouped(least)}</small>`}`,
    refused1h === 0
      ? '0'
      : html`<a href="${address('/refused', { app: label, within: '1h' })}">${grouped(refused1h)}</a>`,
    backlog(row),
    row?.owed ? (row.owed.oldest_s === null ? '–' : span(row.owed.oldest_s)) : '–',
    p95Ms === null ? '–' : `${p95Ms < 10 ? p95Ms.toFixed(1) : Math.round(p95Ms)} ms`,
  ];
}

function backlog(row: TruthRow | undefined): SafeHtml | string {
  if (row?.owed === undefined) return 'not asked';
  if (row.owed === null) return badge('unknown', 'did not answer');
  const { depth, held, state } = row.owed;
  return html`${grouped(depth)}${held !== null && html` ${badge('red', 'held')}<small>${held}</small>`}${held === null && depth > 0 && html`<small>${state}</small>`}`;
}

function ago(at: Date | null, nowMs: number): SafeHtml | string {
  const seconds = secondsSince(at, nowMs);
  if (at === null || seconds === null) return 'never';
  const iso = at.toISOString();
  return html`<time datetime="${iso}" title="${iso}">${span(seconds)} ago</time>`;
}

function secondsSince(at: Date | null, nowMs: number): number | null {
  return at === null ? null : (nowMs - at.getTime()) / 1_000;
}
