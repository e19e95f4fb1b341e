/** Raw objects of a cluster of any size, the same for the same numbers: workloads of ten replicas, 100 namespaces. */
export interface MadeUpCluster {
  readonly namespaces: readonly object[]
  readonly pods: readonly object[]
  readonly policies: readonly object[]
}

export interface ClusterSize {
  readonly pods: number
  readonly policies: number
  /** Pods on node-0; the others are spread over further nodes. */
  readonly local: number
}

const NAMESPACES = 100
const REPLICAS = 10

/** `pods` pods, of which `local` on node-0, and `policies` policies spread over their namespaces. */
export function madeUpCluster({ pods, policies, local }: ClusterSize): MadeUpCluster {
  return {
    namespaces: Array.from({ length: NAMESPACES }, (_, index) => namespace(index)),
    pods: Array.from({ length: pods }, (_, index) => pod(index, index < local)),
    policies: Array.from({ length: policies }, (_, index) => policy(index, pods)),
  }
}

function namespace(index: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: `ns-${index}`, labels: { team: `team-${index % 10}` } },
  }
}

/** The index-th pod; its application is one of ten replicas. */
export function pod(index: number, onNodeZero: boolean): object {
  const application = Math.floor(index / REPLICAS)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `app-${application}-${index}`,
      namespace: `ns-${application % NAMESPACES}`,
      uid: `${index}`.padStart(36, '0'),
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: {
        app: `app-${application}`,
        tier: `tier-${application % 5}`,
        'pod-template-hash': `${application * 7919}`,
      },
    },
    spec: {
      nodeName: onNodeZero ? 'node-0' : `node-${1 + (index % 400)}`,
      containers: [{ name: 'main', image: 'example', ports: [{ name: 'http', containerPort: 8080 }] }],
    },
    status: { phase: 'Running', podIPs: [{ ip: address(index) }] },
  }
}

function address(index: number): string {
  return `10.${64 + (index >>> 16)}.${(index >>> 8) & 255}.${index & 255}`
}

/** Each selects one application of its namespace, and admits another one there and a team, on a port and by a block. */
export function policy(index: number, pods: number): object {
  const applications = Math.max(1, Math.floor(pods / REPLICAS))
  const application = index % applications
  const inNamespace = `ns-${application % NAMESPACES}`
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `policy-${index}`, namespace: inNamespace },
    spec: {
      podSelector: { matchLabels: { app: `app-${application}` } },
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { app: `app-${(application + NAMESPACES) % applications}` } } }],
          ports: [{ protocol: 'TCP', port: 8080 }],
        },
        {
          from: [
            {
              namespaceSelector: { matchLabels: { team: `team-${index % 10}` } },
              podSelector: { matchLabels: { tier: `tier-${index % 5}` } },
            },
            { ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.128/25'] } },
          ],
          ports: [{ protocol: 'TCP', port: 9000 + (index % 50) }],
        },
      ],
      ...(index % 2 === 0
        ? {}
        : {
            policyTypes: ['Ingress', 'Egress'],
            egress: [{ ports: [{ protocol: 'UDP', port: 53 }] }, { to: [{ podSelector: {} }] }],
          }),
    },
  }
}
