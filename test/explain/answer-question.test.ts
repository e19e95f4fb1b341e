import { describe, expect, test } from 'vitest'
import { answerQuestion } from '../../compiler/explain/answer-question.ts'
import type { Explanation } from '../../compiler/explain/explanation.ts'
import { explanationJson } from '../../compiler/explain/explanation-json.ts'
import { clusterOf } from './cluster-of.ts'
import { documents, pod, policy, service, workload } from './manifests.ts'

/** The answer as pairs `from → to port: allowed`, then notes; or what is wrong. */
function ask(text: string, from: string, to: string, port: string, namespace = 'shop'): readonly string[] {
  const answer = answerQuestion(clusterOf(text), { from, to, port, namespace })
  if (answer.kind === 'problem') return [`${answer.problem}; ${answer.hint}`]
  return [...answer.pairs.map(pairLine), ...answer.notes]
}

function pairLine({ from, to, transport, allowed }: Explanation['pairs'][number]): string {
  const port = transport.protocol === 'other' ? 'ICMP' : `${transport.port}/${transport.protocol}`
  return `${from} → ${to} ${port}: ${allowed ? 'allowed' : 'denied'}`
}

const WEB = pod('shop/web', '10.244.1.2')
const DBS = [
  pod('shop/db-0', '10.244.1.3', { owner: 'StatefulSet/db', ports: ['sql:5432'] }),
  pod('shop/db-1', '10.244.1.4', { owner: 'StatefulSet/db', ports: ['sql:6432'] }),
]
const ONLY_OLD = policy('shop/db', '{podSelector: {matchLabels: {app: db}}, ingress: [{ports: [{port: 5432}]}]}')
const headed = (spec: string) =>
  service('shop/db', `{${spec}, selector: {app: db}, ports: [{port: 80, targetPort: sql}]}`)

describe('a Service', () => {
  test('leads to each pod, on that pod’s own number of the target port', () => {
    expect(ask(documents(WEB, ...DBS, ONLY_OLD, headed('type: ClusterIP')), 'web', 'svc/db', '80')).toEqual([
      'shop/web → shop/db-0 5432/TCP: allowed',
      'shop/web → shop/db-1 6432/TCP: denied',
      'port 80 of Service shop/db leads to port 5432 or 6432 of its pods',
    ])
  })

  test('skips a pod that does not have the name', () => {
    const text = documents(
      WEB,
      ...DBS,
      pod('shop/db-2', '10.244.1.5', { owner: 'StatefulSet/db' }),
      headed('type: ClusterIP'),
    )
    expect(ask(text, 'web', 'svc/db', '80')).toContain('shop/db-2 has no port "sql": the Service skips it')
  })

  test('without a head leads to the pods on the port that was asked for', () => {
    expect(ask(documents(WEB, ...DBS, ONLY_OLD, headed('clusterIP: None')), 'web', 'svc/db', '5432')).toEqual([
      'shop/web → shop/db-0 5432/TCP: allowed',
      'shop/web → shop/db-1 5432/TCP: allowed',
      'Service shop/db is headless: its name leads to the pods themselves, on port 5432',
    ])
  })

  test.each([
    [
      '{type: ExternalName, externalName: db.example.org}',
      '80',
      'Service shop/db is an alias of "db.example.org", which is outside of the cluster; give the address that it resolves to',
    ],
    [
      '{ports: [{port: 80}]}',
      '80',
      'no pod is behind Service shop/db; it has no selector: add its EndpointSlice or Endpoints to the input',
    ],
    [
      '{selector: {app: x}, ports: [{port: 80}]}',
      '80',
      'no pod is behind Service shop/db; no pod has the labels of its selector and an address; of one that would: --to-labels app=x --to-namespace shop',
    ],
    [
      '{selector: {app: web}, ports: [{port: 80, name: http}]}',
      '81',
      'Service shop/db has no port 81/TCP; it has 80/TCP (http)',
    ],
    ['{selector: {app: web}, ports: [{port: 80}]}', 'icmp', 'Service shop/db forwards ports, not ICMP; name a pod'],
  ])('that leads nowhere says why: %s', (spec, port, wanted) => {
    expect(ask(documents(WEB, service('shop/db', spec)), 'web', 'svc/db', port)).toEqual([wanted])
  })

  test('of a node port: which address policy sees', () => {
    const through = (traffic: string) =>
      ask(
        documents(
          WEB,
          service(
            'shop/web',
            `{type: NodePort, externalTrafficPolicy: ${traffic}, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}`,
          ),
        ),
        '203.0.113.7',
        'svc/web',
        '80',
      )
    expect(through('Local').at(-1)).toBe(
      'externalTrafficPolicy: Local: through the node port policy sees 203.0.113.7 itself',
    )
    expect(through('Cluster').at(-1)).toMatch(/^externalTrafficPolicy: Cluster: .* arrives with that node's address/)
  })

  test('by its name needs DNS, by its address it does not', () => {
    const closed = policy(
      'shop/web',
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}',
    )
    const text = documents(WEB, ...DBS, closed, headed('clusterIP: 10.96.0.9'))
    const note =
      "shop/web cannot look up the name db.shop: its egress to the cluster's DNS on UDP 53 is denied (the input holds no DNS pod; one in kube-system with k8s-app=kube-dns was assumed)"
    expect(ask(text, 'web', 'db.shop', '80')).toContain(note)
    expect(ask(text, 'web', '10.96.0.9', '80')).not.toContain(note)
  })

  test('as a source is its pods', () => {
    expect(ask(documents(WEB, ...DBS, headed('type: ClusterIP')), 'svc/db', 'web', '80').at(-1)).toBe(
      'Service shop/db connects to nobody; its pods were asked instead',
    )
  })
})

describe('an Ingress', () => {
  const INGRESS =
    'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {namespace: shop, name: site}\nspec: {ingressClassName: nginx, defaultBackend: {service: {name: web, port: {number: 80}}}}'

  test('comes from the pods of its class’s controller', () => {
    const controller = workload('ingress/controller', { labels: { 'app.kubernetes.io/name': 'ingress-nginx' } })
    const other = workload('ingress/traefik')
    expect(ask(documents(WEB, controller, other, INGRESS), 'ingress/site', 'web', '80')).toEqual([
      'ingress/controller → shop/web 80/TCP: allowed',
      'the connections of Ingress shop/site come from its controller: ingress/controller',
    ])
  })

  test('is no destination, and without a controller no source', () => {
    expect(ask(documents(WEB, INGRESS), 'web', 'ing/site', '80')).toEqual([
      'Ingress shop/site is where connections come from, not where they go; ask for its backends: svc/web',
    ])
    expect(ask(documents(WEB, INGRESS), 'ing/site', 'web', '80')).toEqual([
      "no controller's pods were found for Ingress shop/site; name the pod or workload that connects",
    ])
  })
})

describe('families', () => {
  const DUAL = [pod('shop/a', '10.244.1.2 fd00::2'), pod('shop/b', '10.244.1.3 fd00::3')]
  const json = (text: string, from: string, to: string) => {
    const answer = answerQuestion(clusterOf(text), { from, to, port: '80', namespace: 'shop' })
    return answer.kind === 'problem' ? answer : explanationJson(answer)
  }

  test('that differ are told one by one, and the whole is denied', () => {
    const block = policy(
      'shop/b',
      '{podSelector: {matchLabels: {app: b}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}',
    )
    const open = { isolatedBy: [], allowed: true, grantedBy: [] }
    const granting = { policy: 'shop/b', rule: 'ingress[0]', file: 'f', line: 9 }
    expect(json(documents(...DUAL, block), 'a', 'b')).toMatchObject({
      allowed: false,
      egress: open,
      ingress: { isolatedBy: ['shop/b'], allowed: false, grantedBy: [] },
      families: {
        IPv4: {
          allowed: true,
          ingress: { allowed: true, grantedBy: [granting] },
        },
        IPv6: { allowed: false, ingress: { allowed: false, grantedBy: [] } },
      },
    })
  })

  test('that are denied in different directions differ', () => {
    const out = policy(
      'shop/a',
      '{podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}',
    )
    const into = policy(
      'shop/b',
      '{podSelector: {matchLabels: {app: b}}, ingress: [{from: [{ipBlock: {cidr: "fd00::/8"}}]}]}',
    )
    expect(json(documents(...DUAL, out, into), 'a', 'b')).toMatchObject({
      allowed: false,
      families: { IPv4: {}, IPv6: {} },
    })
  })

  test('that agree are one; an address chooses one; none shared is no connection', () => {
    expect(json(documents(...DUAL), 'a', 'b')).not.toHaveProperty('families')
    expect(json(documents(...DUAL), 'fd00::2', 'b')).not.toHaveProperty('families')
    expect(ask(documents(...DUAL), '203.0.113.9', 'fd00::3', '80').at(-1)).toMatch(/^203.0.113.9 → /)
    expect(ask(documents(pod('shop/a', '10.244.1.2'), pod('shop/b', 'fd00::3')), 'a', 'b', '80')).toEqual([
      'shop/a and shop/b have no address of one family; no connection is possible, whatever policy says',
    ])
  })
})

describe('pods of one workload', () => {
  const CLOSED = policy('shop/all', '{podSelector: {}}')

  test('may be asked about one another', () => {
    const two = ['1', '2'].map((number) => pod(`shop/web-${number}`, `10.244.1.${number}`, { owner: 'Deployment/web' }))
    expect(ask(documents(...two, CLOSED), 'web', 'web', '80')).toEqual([
      'shop/web → shop/web 80/TCP: denied',
      'shop/web at both ends is two of its pods; each by itself always reaches itself',
    ])
    expect(ask(documents(...two, CLOSED), 'web-1', 'web-1', '80')[0]).toBe('shop/web-1 → shop/web-1 80/TCP: allowed')
  })

  test.each(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController'])(
    'of a %s are two, where the input holds one or none',
    (kind) => {
      const two = 'shop/web at both ends is two of its pods; each by itself always reaches itself'
      const one = pod('shop/web-1', '10.244.1.2', { owner: `${kind}/web` })
      expect(ask(documents(one, CLOSED), 'web', 'web', '80')).toEqual(['shop/web → shop/web 80/TCP: denied', two])
      expect(ask(documents(one, CLOSED), 'web-1', 'web', '80')[0]).toBe('shop/web-1 → shop/web 80/TCP: denied')
      expect(ask(documents(one, CLOSED), 'web-1', 'web-1', '80')[0]).toBe('shop/web-1 → shop/web-1 80/TCP: allowed')
      expect(ask(documents(one), 'web', 'web', '80')).toEqual(['shop/web → shop/web 80/TCP: allowed', two])
    },
  )

  test('are two behind a Service of theirs, too', () => {
    const parts = documents(workload('shop/db'), CLOSED, headed('type: ClusterIP').replace('sql', '5432'))
    expect(ask(parts, 'shop/db', 'shop/db', '5432')[0]).toBe('shop/db → shop/db 5432/TCP: denied')
    expect(ask(parts, 'shop/db', 'svc/db', '80').slice(0, 1)).toEqual(['shop/db → shop/db (another) 5432/TCP: denied'])
  })

  test('are not taken to be on the node of the one that the input holds', () => {
    const spec = { nodeName: 'n1' }
    const hosted = (name: string, address: string, owner: string) =>
      pod(name, address, { owner, spec }).replace('"status":{', '"status":{"hostIP":"192.168.50.21",')
    const parts = documents(
      hosted('shop/db-0', '10.244.1.3', 'StatefulSet/db'),
      CLOSED,
      service(
        'shop/db',
        '{type: NodePort, externalTrafficPolicy: Cluster, selector: {app: db}, ports: [{port: 80, targetPort: 5432, nodePort: 30080}]}',
      ),
    )
    expect(ask(parts, 'shop/db', '192.168.50.21', '30080')).toContain(
      'shop/db-0 → shop/db-0 (another) 5432/TCP: allowed',
    )
  })

  test('of a Job are one: it runs one after the other', () => {
    const job = pod('shop/web-1', '10.244.1.2', { owner: 'Job/web' })
    expect(ask(documents(job, CLOSED), 'web', 'web', '80')[0]).toBe('shop/web → shop/web 80/TCP: allowed')
  })

  test('that no policy puts on one side are asked about each other, and none about itself', () => {
    const own = (name: string, address: string) =>
      pod(`shop/${name}`, address, { owner: 'StatefulSet/db', labels: { app: 'db', name } })
    const first = policy(
      'shop/first',
      '{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {name: db-0}}}]}]}',
    )
    const parts = documents(own('db-0', '10.244.1.3'), own('db-1', '10.244.1.4'), first)
    expect(ask(parts, 'shop/db', 'shop/db', '80').slice(0, 2)).toEqual([
      'shop/db-0 → shop/db-1 80/TCP: allowed',
      'shop/db-1 → shop/db-0 80/TCP: denied',
    ])
  })

  test('are the pod itself where there is one, and it is said so', () => {
    expect(ask(documents(WEB, CLOSED), 'web', 'web', '80')).toEqual([
      'shop/web → shop/web 80/TCP: allowed',
      'shop/web is one pod at both ends: a pod always reaches itself, whatever policy says',
    ])
  })

  test('that differ are told one by one', () => {
    expect(ask(documents(WEB, ...DBS, ONLY_OLD), 'web', 'shop/db', 'sql')).toEqual([
      'shop/web → shop/db-0 5432/TCP: allowed',
      'shop/web → shop/db-1 6432/TCP: denied',
      '"sql" is port 5432 or 6432 there',
    ])
  })
})

test.each([
  ['0', 'port "0" is not between 1 and 65535; '],
  ['70000', 'port "70000" is not between 1 and 65535; '],
  ['80/UPD', '"80/UPD" names no protocol of ports; did you mean 80/UDP?'],
  ['http', 'shop/web has no port "http"; it names none'],
  ['a b', /^"a b" is neither a port number nor a port name; must contain only/],
])('the port %s is refused', (port, wanted) => {
  expect(ask(documents(WEB), 'web', 'web', port)).toEqual([
    typeof wanted === 'string' ? wanted : expect.stringMatching(wanted),
  ])
})

test('a pod on its node’s network is the node’s address, and it is said so', () => {
  const host = pod('ops/proxy', '192.168.10.1', { spec: { hostNetwork: true, nodeName: 'node-1' } })
  const closed = policy('shop/web', '{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}')
  expect(ask(documents(WEB, host, closed), 'ops/proxy', 'web', '80')).toEqual([
    'ops/proxy → shop/web 80/TCP: denied',
    "ops/proxy is on the network of node node-1: policy sees the node's address 192.168.10.1 (over VXLAN, from another node, that of its flannel.1), and no selector matches it",
  ])
})
