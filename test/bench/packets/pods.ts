import type { Family } from '../../../compiler/addresses/address.ts'
import type { RawContainerPort, RawNamespace, RawPod } from '../../oracle/raw-cluster.ts'

export const PODS = 5_000
/** How many of them are on the node whose ruleset is measured: the first ones. */
export const LOCAL_PODS = 110
export const NODE = 'node-0'
/** Five replicas each; pod i belongs to application i modulo this, so those of 0–109 have one replica on the node. */
export const APPLICATIONS = 1_000
/** The one local pod that no policy selects. */
export const UNSELECTED = LOCAL_PODS - 1
/** The port that every pod names `query`. */
export const NAMED_PORT = 5_353

/** All local pods are in these, and no peer of theirs. Whole bytes, as Flannel's are: a mask costs more. */
export const LOCAL_SUBNETS = ['10.244.0.0/24', 'fd00:10:244::/120']

const NAMESPACES = 50

export function namespaceOf(application: number): string {
  return `ns-${application % NAMESPACES}`
}

/** A replica of the application that is on another node. */
export function remotePod(application: number): number {
  return application + APPLICATIONS
}

export function podAddress(index: number, family: Family): string {
  return family === 'IPv4' ? `10.244.${index >>> 8}.${index & 255}` : `fd00:10:244::${(index + 1).toString(16)}`
}

export function namespaces(): readonly RawNamespace[] {
  return Array.from({ length: NAMESPACES }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: `ns-${index}` },
  }))
}

/** Dual-stack pods. Label `app` is shared by the replicas, `pod` is the pod's own. */
export function pods(): readonly RawPod[] {
  return Array.from({ length: PODS }, (_, index) => pod(index))
}

function pod(index: number): RawPod {
  const application = index % APPLICATIONS
  const query: RawContainerPort = { name: 'query', containerPort: NAMED_PORT, protocol: 'UDP' }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `pod-${index}`,
      namespace: namespaceOf(application),
      labels: { app: index === UNSELECTED ? 'unselected' : `app-${application}`, pod: `pod-${index}` },
    },
    spec: {
      nodeName: index < LOCAL_PODS ? NODE : `node-${1 + (index % 45)}`,
      containers: [{ name: 'main', image: 'example', ports: [query] }],
    },
    status: {
      phase: 'Running',
      podIPs: [{ ip: podAddress(index, 'IPv4') }, { ip: podAddress(index, 'IPv6') }],
    },
  }
}
