import fc from 'fast-check'
import type { RawPeer, RawPolicy, RawPort, RawRule } from '../oracle/raw-cluster.ts'
import { POD_LABELS } from './labels.ts'
import { namespaceName } from './namespaces.ts'
import { orNull, partial } from './optional.ts'
import { peer } from './peers.ts'
import { rulePort } from './ports.ts'
import { selector } from './selectors.ts'

/** Missing (where it stands in `partial`), null, empty, or some. */
const peers: fc.Arbitrary<readonly RawPeer[] | null> = orNull(
  fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 15, arbitrary: fc.array(peer, { minLength: 1, maxLength: 3 }) },
  ),
)

const ports: fc.Arbitrary<readonly (RawPort | null)[] | null> = orNull(
  fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 10, arbitrary: fc.array(rulePort, { minLength: 1, maxLength: 4 }) },
  ),
)

const ingressRules: fc.Arbitrary<readonly (RawRule | null)[] | null> = rules(partial({ from: peers, ports }))
const egressRules: fc.Arbitrary<readonly (RawRule | null)[] | null> = rules(partial({ to: peers, ports }))

const policyTypes: fc.Arbitrary<readonly string[] | null> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(['Ingress']) },
  { weight: 2, arbitrary: fc.constant(['Egress']) },
  { weight: 2, arbitrary: fc.constantFrom(['Ingress', 'Egress'], ['Egress', 'Ingress']) },
  { weight: 1, arbitrary: fc.constantFrom([], null) },
)

/** A policy's spec, each field with all of its forms. */
export const policySpec: fc.Arbitrary<NonNullable<RawPolicy['spec']>> = fc
  .tuple(orNull(selector(POD_LABELS)), partial({ policyTypes, ingress: ingressRules, egress: egressRules }))
  .map(([podSelector, rest]) => ({ podSelector, ...rest }))

/** Up to six policies, no two of one namespace and name, some of one name in two namespaces. */
export const policies: fc.Arbitrary<readonly RawPolicy[]> = fc
  .oneof({ weight: 1, arbitrary: names(0, 1) }, { weight: 5, arbitrary: names(2, 6) })
  .chain((some) => fc.tuple(...some.map(([namespace, name]) => policyNamed(namespace, name))))

export function policyNamed(namespace: string, name: string): fc.Arbitrary<RawPolicy> {
  return policySpec.map((spec) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace, name },
    spec,
  }))
}

function rules(rule: fc.Arbitrary<RawRule>): fc.Arbitrary<readonly (RawRule | null)[] | null> {
  return orNull(
    fc.array(fc.oneof({ weight: 30, arbitrary: rule }, { weight: 1, arbitrary: fc.constant(null) }), { maxLength: 3 }),
  )
}

function names(minLength: number, maxLength: number): fc.Arbitrary<readonly (readonly [string, string])[]> {
  return fc.uniqueArray(fc.tuple(namespaceName, fc.constantFrom('allow', 'db-allow', 'deny', 'p-1', 'p-2')), {
    minLength,
    maxLength,
    selector: ([namespace, name]) => `${namespace}/${name}`,
  })
}
