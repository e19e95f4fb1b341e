/** What packets have done, as `selvedge flows -o json` writes it (docs/flows.schema.json): no object of a cluster. */
export const FLOW_LIST = { apiVersion: 'selvedge.io/v1alpha1', kind: 'FlowList' } as const
