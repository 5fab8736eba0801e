/**
 * All that the machinery needs. The operator's own work needs more (it reads workloads and Secrets); what a chart grants
 * must hold these.
 */
export const MACHINERY_RULES = [
  { apiGroups: ['scholar.dev'], resources: ['truthtables'], verbs: ['list', 'watch'] },
  { apiGroups: ['scholar.dev'], resources: ['truthtables/status'], verbs: ['patch'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
];

/** A ClusterRole with these rules, bound to a user. */
export function rightsOf(user: string): object[] {
  const rbac = 'rbac.authorization.k8s.io';
  return [
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'machinery' },
      rules: MACHINERY_RULES,
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'machinery' },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'machinery' },
      subjects: [{ apiGroup: rbac, kind: 'User', name: user }],
    },
  ];
}
