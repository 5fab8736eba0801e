import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { datasource } from './variables.ts';

export interface Board {
  /** Never changes: links and bookmarks hold it. */
  uid: string;
  title: string;
  what: string;
  variables: readonly dashboard.QueryVariableBuilder[];
  rows: readonly {
    title: string;
    panels: readonly Parameters<dashboard.DashboardBuilder['withPanel']>[0][];
  }[];
}

/** A dashboard as Grafana reads it from a ConfigMap: classic JSON, which every Grafana since 10 takes. */
export function board({ uid, title, what, variables, rows }: Board): dashboard.Dashboard {
  const made = new dashboard.DashboardBuilder(title)
    .uid(uid)
    .description(what)
    .tags(['scholar'])
    .readonly()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('30s')
    .timezone('browser')
    .link(
      new dashboard.DashboardLinkBuilder('scholar')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['scholar'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    )
    .withVariable(datasource());
  for (const variable of variables) made.withVariable(variable);
  for (const { title: row, panels } of rows) {
    made.withRow(new dashboard.RowBuilder(row));
    for (const panel of panels) made.withPanel(panel);
  }
  const built = made.build();
  // The builder begins with 0, which Grafana takes for no id.
  built.panels?.forEach((panel, index) => {
    panel.id = index + 1;
  });
  return built;
}
