/** Tests of policies (docs/policy-tests.md): no object of a cluster. */
export const POLICY_TEST = { apiVersion: 'selvedge.io/v1alpha1', kind: 'PolicyTest' } as const
