/** `audit`: a policy is only watched, what it would deny is noted and passes. `enforce`: as every policy without a mode. */
export type PolicyMode = 'audit' | 'enforce'

/** What a policy is for this cluster. `audited`: it isolates nobody and grants nothing, and is asked only what it would do. */
export type PolicyState = 'enforced' | 'audited'
