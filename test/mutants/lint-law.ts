import { deepStrictEqual, ok } from 'node:assert'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { documents, namespace, policy, service, workload } from '../explain/manifests.ts'
import { findingsOf, findingsOfExample } from '../lint-rules/told.ts'

const WEB = workload('shop/web', { ports: ['http:8080'] })
const from = (peers: string, more = '') => policy('shop/p', `{podSelector: {}, ingress: [{from: [${peers}]}${more}]}`)
const RESOURCE = 'apiVersion: example.com/v1\nkind: Gate\nmetadata: {name: main, namespace: shop}'
const MAKES_GATES = `${RESOURCE}\nspec: {podMetadata: {labels: {app: gate}}}`
const EVERYBODY = policy('shop/all', '{podSelector: {}}')
const toServer = '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 6443}]}]}'
const SERVICE = service('shop/web', '{selector: {app: web}, ports: [{port: 80, targetPort: http}]}')
const toWeb = (ports: string) =>
  policy(
    'shop/p',
    `{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: web}}}], ports: [${ports}]}, {ports: [{protocol: UDP, port: 53}]}]}`,
  )

/** Inputs and what is said of them: `rule severity`. Most are near misses. */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  [documents(WEB, from('{podSelector: {matchLabels: {app: wep}}}')), ['peer-matches-nothing warning']],
  [documents(WEB, RESOURCE, from('{podSelector: {matchLabels: {app: wep}}}')), ['peer-matches-nothing note']],
  [documents(WEB, from('{podSelector: {matchLabels: {app: web, job-name: x}}}')), ['peer-matches-nothing note']],
  [documents(WEB, namespace('shop', '{team: shop}'), from('{namespaceSelector: {matchLabels: {team: edge}}}')), []],
  [
    documents(WEB, namespace('shop', '{team: retail}'), from('{namespaceSelector: {matchLabels: {team: retial}}}')),
    ['peer-matches-nothing warning'],
  ],
  [
    documents(
      WEB,
      RESOURCE,
      from('{podSelector: {matchLabels: {app: gate}}}, {podSelector: {matchLabels: {app: till}}}'),
    ),
    ['peer-matches-nothing note'],
  ],
  [documents(WEB, MAKES_GATES, from('{podSelector: {matchLabels: {app: gate}}}')), []],
  [
    documents(
      WEB,
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: x}\nroleRef: {kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: ServiceAccount, name: x}]',
      from('{podSelector: {matchLabels: {app: gate}}}'),
    ),
    ['peer-matches-nothing note'],
  ],
  [documents(WEB, EVERYBODY, policy('edge/p', '{podSelector: {matchLabels: {app: web}}}')), []],
  [documents(WEB, EVERYBODY, policy('shp/p', '{podSelector: {matchLabels: {app: web}}}')), ['selects-no-pod warning']],
  [documents(WEB, policy('shop/p', toServer)), []],
  [documents(WEB, from('{ipBlock: {cidr: 0.0.0.0/0}}')), []],
  [
    documents(WEB, policy('shop/p', '{podSelector: {}, ingress: [{ports: [{port: 8080}, {port: 9090}]}]}')),
    ['port-nobody-listens-on note'],
  ],
  [documents(WEB, SERVICE, toWeb('{port: 80}')), ['service-port warning']],
  [documents(WEB, SERVICE, toWeb('{port: 80}, {port: 8080}')), []],
  [
    documents(WEB, from('{podSelector: {matchLabels: {app: web}}}', ', {ports: [{port: 9090}]}')),
    ['port-nobody-listens-on warning'],
  ],
  [
    documents(WEB, from('{podSelector: {matchLabels: {app: web}}}', ', {ports: [{port: http}]}')),
    ['rule-split-in-two warning'],
  ],
  [
    documents(
      WEB,
      from('{podSelector: {}}, {podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [x]}]}}'),
    ),
    ['peer-swallowed warning'],
  ],
  [documents(WEB, from('{ipBlock: {cidr: 192.168.0.1/24}}')), ['block-with-host-bits warning']],
  [documents(WEB), ['unprotected note']],
  [documents(workload('shop/agent', { hostNetwork: true })), []],
  [documents(`# selvedge-ignore unprotected\n${WEB}`), []],
  [documents(`# selvedge-ignore rule-shadowed\n${WEB}`), ['unprotected note', 'ignore-without-effect warning']],
  [
    documents(
      workload('kube-system/coredns', { labels: { 'k8s-app': 'kube-dns' } }),
      WEB,
      policy(
        'shop/p',
        '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}',
      ),
    ),
    ['egress-forgets-dns warning'],
  ],
]

/** The examples of docs/lint.md fire their rules and no others, and near misses say what they should. */
export function lintIsRight(): void {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'lint.md'), 'utf8')
  const examples = [...page.matchAll(/^## (\S+)\n[^]*?```yaml\n([^]*?)```/gm)]
  ok(examples.length > 15)
  for (const [, name = '', text = ''] of examples) {
    deepStrictEqual({ name, rules: findingsOfExample(name, text).map(({ rule }) => rule) }, { name, rules: [name] })
  }
  for (const [text, right] of CASES) {
    const said = findingsOf(text).map(({ rule, severity }) => `${rule} ${severity}`)
    deepStrictEqual({ text, said: said.toSorted() }, { text, said: [...right].toSorted() })
  }
}
