import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { AlertingRule, Rule } from './objective.ts';
import type { Group } from './rule-files.ts';

/** Charts that have rules. */
const CHARTS = ['hub', 'scholar'];

/** @returns every group of the charts' rules folders, generated or written by hand, in the order of charts, files and groups. */
export function readGroups(charts: string): Group[] {
  return CHARTS.flatMap((chart) => {
    const folder = join(charts, chart, 'rules');
    const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    return names.sort().flatMap((name) => parse(readFileSync(join(folder, name), 'utf8')) as Group[]);
  });
}

/** @returns the alerts among the rules of groups. */
export function alertsOf(groups: readonly Group[]): AlertingRule[] {
  return groups.flatMap(({ rules }) => rules).filter(isAlert);
}

function isAlert(rule: Rule): rule is AlertingRule {
  return 'alert' in rule;
}
