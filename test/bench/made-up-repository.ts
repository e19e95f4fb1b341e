/** A repository of manifests that grows as such do, by namespaces: each has 50 Deployments and ten policies. */
export interface RepositorySize {
  readonly workloads: number
  /** Change one policy of this namespace; undefined: none. */
  readonly changed?: number | undefined
}

const WORKLOADS = 50

/**
 * One file. Each namespace is closed as a whole and opens itself to the ingress controller, to the scraper, to DNS and between
 * its tiers; every tenth namespace has no policy that closes it, so that its pods are open unless a policy selects them.
 */
export function madeUpRepository({ workloads, changed }: RepositorySize): string {
  const namespaces = Array.from({ length: Math.ceil(workloads / WORKLOADS) }, (_, index) => index)
  const own = [
    shared('kube-system', 'kube-dns', 'k8s-app'),
    shared('ingress', 'controller', 'app'),
    shared('monitoring', 'scraper', 'app'),
  ]
  return [...own, ...namespaces.flatMap((index) => namespaceOf(index, index === changed))].join('---\n')
}

function shared(namespace: string, name: string, label: string): string {
  return `${namespaceText(namespace, 'platform')}---\n${deployment(namespace, name, { [label]: name }, 8080)}`
}

function namespaceOf(index: number, isChanged: boolean): readonly string[] {
  const namespace = `team-${index}`
  const apps = Array.from({ length: WORKLOADS }, (_, app) => app)
  return [
    namespaceText(namespace, `group-${index % 20}`),
    ...apps.map((app) =>
      deployment(namespace, `app-${app}`, { app: `app-${app}`, tier: TIERS[app % 3] ?? 'web' }, 8000 + (app % 5)),
    ),
    service(namespace),
    ...policiesOf(namespace, index, isChanged),
  ]
}

const TIERS = ['web', 'logic', 'data']

function policiesOf(namespace: string, index: number, isChanged: boolean): readonly string[] {
  const isClosed = index % 10 !== 9
  const closed = policy(
    namespace,
    'closed',
    isClosed ? '{}' : '{matchLabels: {tier: data}}',
    '  policyTypes: [Ingress, Egress]\n',
  )
  return [
    closed,
    policy(
      namespace,
      'names',
      '{}',
      '  policyTypes: [Egress]\n  egress:\n  - ports: [{protocol: UDP, port: 53}, {port: 53}]\n',
    ),
    policy(
      namespace,
      'entry',
      '{matchLabels: {tier: web}}',
      from(elsewhere('ingress', '{matchLabels: {app: controller}}'), 8000),
    ),
    policy(namespace, 'scraped', '{}', from(elsewhere('monitoring', '{matchLabels: {app: scraper}}'), 9090)),
    policy(
      namespace,
      'web-to-logic',
      '{matchLabels: {tier: web}}',
      to('{podSelector: {matchLabels: {tier: logic}}}', 8001),
    ),
    policy(
      namespace,
      'logic-from-web',
      '{matchLabels: {tier: logic}}',
      from('{podSelector: {matchLabels: {tier: web}}}', 8001),
    ),
    policy(
      namespace,
      'out',
      '{matchLabels: {tier: logic}}',
      to(`{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.${index % 256}/32]}}`, 443),
    ),
    ...[1, 4, 7].map((app) =>
      policy(
        namespace,
        `app-${app}`,
        `{matchLabels: {app: app-${app}}}`,
        from(`{podSelector: {matchLabels: {app: app-${isChanged ? app + 2 : app + 1}}}}`, 8100 + app),
      ),
    ),
  ]
}

function elsewhere(namespace: string, pods: string): string {
  return `{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${namespace}}}, podSelector: ${pods}}`
}

function from(peer: string, port: number): string {
  return `  ingress:\n  - from:\n    - ${peer}\n    ports:\n    - port: ${port}\n`
}

function to(peer: string, port: number): string {
  return `  policyTypes: [Egress]\n  egress:\n  - to:\n    - ${peer}\n    ports:\n    - port: ${port}\n`
}

function policy(namespace: string, name: string, selector: string, rest: string): string {
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  podSelector: ${selector}
${rest}`
}

function namespaceText(name: string, group: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels: {group: ${group}}\n`
}

function deployment(namespace: string, name: string, labels: Readonly<Record<string, string>>, port: number): string {
  const written = Object.entries(labels).map(([key, value]) => `        ${key}: ${value}\n`)
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  template:
    metadata:
      labels:
${written.join('')}    spec:
      containers:
      - name: main
        image: example
        ports:
        - containerPort: ${port}
          name: http
`
}

function service(namespace: string): string {
  return `apiVersion: v1
kind: Service
metadata: {name: web, namespace: ${namespace}}
spec:
  selector: {tier: web}
  ports: [{port: 80, targetPort: http}]
`
}
