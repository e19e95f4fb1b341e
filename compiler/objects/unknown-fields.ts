import type { FieldPath } from './field-path.ts'
import type { Problems } from './problems.ts'
import type { Fields } from './read-fields.ts'
import { unknownFields } from './unknown-field.ts'

interface FieldHome {
  readonly fields: readonly string[]
  /** How a hint calls the place where these fields belong. */
  readonly name: string
}

/** Every field of networking.k8s.io/v1 NetworkPolicy, by the mapping that it belongs in; metadata is open. */
const HOMES = {
  policy: { name: 'the policy itself', fields: ['apiVersion', 'kind', 'metadata', 'spec', 'status'] },
  metadata: { name: 'metadata', fields: ['name', 'namespace', 'labels', 'annotations'] },
  spec: { name: 'spec', fields: ['podSelector', 'policyTypes', 'ingress', 'egress'] },
  ingressRule: { name: 'an item of spec.ingress', fields: ['from', 'ports'] },
  egressRule: { name: 'an item of spec.egress', fields: ['to', 'ports'] },
  peer: { name: 'an item of from or to', fields: ['podSelector', 'namespaceSelector', 'ipBlock'] },
  block: { name: 'ipBlock', fields: ['cidr', 'except'] },
  port: { name: 'an item of ports', fields: ['protocol', 'port', 'endPort'] },
  selector: { name: 'podSelector or namespaceSelector', fields: ['matchLabels', 'matchExpressions'] },
  requirement: { name: 'an item of matchExpressions', fields: ['key', 'operator', 'values'] },
} as const satisfies Record<string, FieldHome>

export type FieldHomeName = keyof typeof HOMES

/** Here a field that we cannot read may narrow what the rest allows, so it closes; above, it could only narrow the selection. */
const CLOSING: ReadonlySet<FieldHomeName> = new Set(['ingressRule', 'egressRule', 'peer', 'block', 'port'])

/** Tells of every field that does not belong here. The API server drops such a field or refuses the object, as it is asked. */
export function checkFields(fields: Fields, home: FieldHomeName, path: FieldPath, problems: Problems): void {
  for (const problem of unknownFields(fields, HOMES[home].fields, path, homesOf)) {
    if (CLOSING.has(home)) problems.refuse(problem)
    else problems.tell(problem)
  }
}

function homesOf(field: string): readonly string[] {
  const homes: readonly FieldHome[] = Object.values(HOMES)
  return homes.filter((home) => home.fields.includes(field)).map((home) => home.name)
}
