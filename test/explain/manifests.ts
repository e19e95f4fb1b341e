/** For tests: documents in flow style, joined to one file. */
export function documents(...texts: readonly string[]): string {
  return texts.map((text) => `---\n${text}\n`).join('')
}

/** A workload `namespace/name` whose pods have the label `app` with its name, and these ports (`http:8080/TCP`, or `8080`). */
export function workload(
  path: string,
  { kind = 'Deployment', labels = {}, ports = [], hostNetwork = false }: WorkloadDetails = {},
): string {
  const [namespace = '', name = ''] = path.split('/')
  const metadata = { labels: { app: name, ...labels } }
  const containers = [{ name: 'main', ports: ports.map(portOf) }]
  const spec = { ...(hostNetwork && { hostNetwork }), containers }
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind,
    metadata: { namespace, name },
    spec: { template: { metadata, spec } },
  })
}

interface WorkloadDetails {
  readonly kind?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly hostNetwork?: boolean
}

function portOf(text: string): object {
  const [, name, number, protocol] = /^(?:(.*):)?(\d+)(?:\/(.*))?$/.exec(text) ?? []
  return { ...(name && { name }), containerPort: Number(number), ...(protocol && { protocol }) }
}

/** A running pod `namespace/name` with these addresses, of a workload `Kind/name` if given. */
export function pod(path: string, addresses: string, { owner, labels, ports = [], ...rest }: PodDetails = {}): string {
  const [namespace = '', name = ''] = path.split('/')
  const [kind, ownerName] = owner?.split('/') ?? []
  const metadata = {
    namespace,
    name,
    labels: labels ?? { app: ownerName ?? name },
    ...(owner && { ownerReferences: [{ kind, name: ownerName, controller: true }] }),
  }
  const podIPs = addresses.split(' ').flatMap((ip) => (ip === '' ? [] : [{ ip }]))
  const spec = { ...rest.spec, containers: [{ name: 'main', ports: ports.map(portOf) }] }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec,
    status: { phase: rest.phase ?? 'Running', podIPs },
  })
}

interface PodDetails {
  readonly owner?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly spec?: object
  readonly phase?: string
}

/** A policy `namespace/name`; the spec in YAML's flow style. */
export function policy(path: string, spec: string): string {
  const [namespace = '', name = ''] = path.split('/')
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {namespace: ${namespace}, name: ${name}}\nspec: ${spec}`
}

export function namespace(name: string, labels = '{}'): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: ${labels}}`
}

/** A Service `namespace/name`; the spec in YAML's flow style. */
export function service(path: string, spec: string): string {
  const [inNamespace = '', name = ''] = path.split('/')
  return `apiVersion: v1\nkind: Service\nmetadata: {namespace: ${inNamespace}, name: ${name}}\nspec: ${spec}`
}

/** A Node with one internal address and its range of pods. */
export function node(name: string, address: string, podCidr: string): string {
  return `apiVersion: v1\nkind: Node\nmetadata: {name: ${name}}\nspec: {podCIDR: ${podCidr}}\nstatus: {addresses: [{type: InternalIP, address: ${address}}, {type: Hostname, address: ${name}}]}`
}

/** An EndpointSlice of Service `namespace/name`; what stands in it in YAML's flow style. */
export function endpointSlice(path: string, fields: string): string {
  const [inNamespace = '', name = ''] = path.split('/')
  const labels = `{kubernetes.io/service-name: ${name}}`
  return `{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {namespace: ${inNamespace}, name: ${name}-1, labels: ${labels}}, addressType: IPv4, ${fields}}`
}
