import { deepStrictEqual, ok } from 'node:assert'
import { generateBaseline } from '../../compiler/policy-test/generate-baseline.ts'
import { clusterOf } from '../explain/cluster-of.ts'
import { documents, namespace, policy, workload } from '../explain/manifests.ts'
import { hold } from '../policy-test/hold.ts'

const PLACES = [
  namespace('shop', '{team: shop}'),
  workload('shop/api', { ports: ['http:8080'] }),
  workload('shop/web'),
  workload('ops/job'),
]
const CALLED = (app: string) => `{podSelector: {matchLabels: {app: ${app}}}}`
const NOBODY = '{namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: DoesNotExist}]}}'

/** Rules of shop/api, each of which gives somebody something that no other one does: pods that are here, that are not, addresses. */
const GIVING = {
  ingress: [
    `{from: [${CALLED('web')}], ports: [{port: 8081}]}`,
    `{from: [${CALLED('cron')}], ports: [{port: http}]}`,
    `{from: [${CALLED('queue')}], ports: [{port: 9000}]}`,
    '{from: [{namespaceSelector: {matchLabels: {team: elsewhere}}}], ports: [{port: 9001}]}',
    '{from: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 9002}]}',
  ],
  egress: [
    `{to: [${CALLED('web')}], ports: [{port: 80}]}`,
    `{to: [${CALLED('cache')}], ports: [{port: 6379}]}`,
    `{to: [${CALLED('cache')}], ports: [{port: metrics}]}`,
    '{to: [{ipBlock: {cidr: 198.51.100.0/24}}], ports: [{port: 443}]}',
  ],
}
/** These give nobody anything: a name that no port has here, pods that nobody can be. */
const IDLE = {
  ingress: [`{from: [${NOBODY}], ports: [{port: 9003}]}`],
  egress: [`{to: [${CALLED('web')}], ports: [{port: metrics}]}`, `{to: [${NOBODY}], ports: [{port: 81}]}`],
}

function clusterWith(ingress: readonly string[], egress: readonly string[]): ReturnType<typeof clusterOf> {
  const rules = `ingress: [${ingress.join(', ')}], egress: [${egress.join(', ')}]`
  const types = 'policyTypes: [Ingress, Egress]'
  return clusterOf(
    documents(...PLACES, policy('shop/api', `{podSelector: {matchLabels: {app: api}}, ${types}, ${rules}}`)),
  )
}

/** It holds of what it was made of, whole, and fails without any rule that gave somebody something. */
export function baselineIsRight(): void {
  const ingress = [...GIVING.ingress, ...IDLE.ingress]
  const egress = [...GIVING.egress, ...IDLE.egress]
  const { tests, leftOut } = generateBaseline(clusterWith(ingress, egress))
  deepStrictEqual(leftOut, 0)
  const fails = (cluster: ReturnType<typeof clusterOf>): boolean =>
    hold(cluster, tests).some(({ status }) => status !== 'passed')
  ok(!fails(clusterWith(ingress, egress)), 'it does not hold')
  const without = (rules: readonly string[], rule: string): readonly string[] => rules.filter((one) => one !== rule)
  for (const rule of GIVING.ingress) ok(fails(clusterWith(without(ingress, rule), egress)), rule)
  for (const rule of GIVING.egress) ok(fails(clusterWith(ingress, without(egress, rule))), rule)
}
