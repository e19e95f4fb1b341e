/** The two directions that spec.policyTypes speaks of, as a pod sees them. */
export type Direction = 'ingress' | 'egress'

export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress']
