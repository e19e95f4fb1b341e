import type { PodPlan } from '../../src/lab/plan.ts'
import type { Probe } from '../../src/lab/probe.ts'
import type { FakeObject } from '../sources/kubernetes/fake-objects.ts'

interface OnCallPod {
  readonly namespace: string
  readonly workload: string
  readonly pod: string
  readonly node: string
  readonly address: string
  readonly labels: Readonly<Record<string, string>>
  readonly ports: readonly { readonly name: string; readonly containerPort: number; readonly protocol?: 'UDP' }[]
}

const POD_LIST: readonly OnCallPod[] = [
  shopPod('web', 'web-6d8f7c9b54-2xkqp', 'node-1', '10.244.1.11', { app: 'web' }, [
    { name: 'http', containerPort: 8080 },
  ]),
  shopPod('api', 'api-5b9c6d7f88-h4wzt', 'node-1', '10.244.1.12', { app: 'api' }, [
    { name: 'metrics', containerPort: 9102 },
  ]),
  shopPod('db', 'db-0', 'node-2', '10.244.2.13', { app: 'db' }, [{ name: 'postgres', containerPort: 5432 }]),
  shopPod('orders', 'orders-7f5d8b6c9d-m8c2v', 'node-1', '10.244.1.14', { 'app.kubernetes.io/name': 'orders' }, []),
  {
    ...shopPod('coredns', 'coredns-674b8bbfcf-9tgxl', 'node-2', '10.244.2.53', { 'k8s-app': 'kube-dns' }, [
      { name: 'dns', containerPort: 53, protocol: 'UDP' },
      { name: 'dns-tcp', containerPort: 53 },
    ]),
    namespace: 'kube-system',
  },
  {
    ...shopPod(
      'controller',
      'controller-7c69879f94-wr5kd',
      'node-2',
      '10.244.2.80',
      { 'app.kubernetes.io/name': 'ingress-nginx' },
      [],
    ),
    namespace: 'ingress-nginx',
  },
]

export const NODES = ['node-1', 'node-2'] as const

export const LAB_PODS: readonly PodPlan[] = POD_LIST.map(({ workload, node, address }) => ({
  name: workload,
  node,
  addresses: [address],
}))

/** Packets of each section, by its title. */
export const PACKETS: Readonly<Record<string, readonly Probe[]>> = {
  'DNS was forgotten': [probe('api', '10.244.2.53', 53, 'UDP')],
  'A label was renamed': [probe('orders', '10.244.2.13', 5432)],
  'The port of the Service': [probe('api', '10.244.1.11', 8080)],
  'The namespace of the ingress controller': [probe('controller', '10.244.1.11', 8080)],
  'A process on another node': [probe('node-2', '10.244.1.12', 9102)],
}

/** All but policies. `addressOf`: of a node, where nodes see each other. */
export function onCallObjects(addressOf: (node: string) => string): readonly FakeObject[] {
  return [
    ...['shop', 'kube-system', 'ingress-nginx', 'monitoring'].map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    })),
    ...NODES.map((name, index) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name },
      spec: { podCIDR: `10.244.${index + 1}.0/24` },
      status: { addresses: [{ type: 'InternalIP', address: addressOf(name) }] },
    })),
    ...POD_LIST.map((pod) => podObject(pod, addressOf(pod.node))),
    service('shop', 'web', { app: 'web' }, [{ name: 'http', port: 80, targetPort: 'http' }]),
    service('shop', 'db', { app: 'db' }, [{ name: 'postgres', port: 5432, targetPort: 'postgres' }]),
    service('kube-system', 'kube-dns', { 'k8s-app': 'kube-dns' }, [
      { name: 'dns', port: 53, targetPort: 'dns', protocol: 'UDP' },
      { name: 'dns-tcp', port: 53, targetPort: 'dns-tcp' },
    ]),
  ]
}

function shopPod(
  workload: string,
  pod: string,
  node: string,
  address: string,
  labels: OnCallPod['labels'],
  ports: OnCallPod['ports'],
): OnCallPod {
  return { namespace: 'shop', workload, pod, node, address, labels, ports }
}

function probe(from: string, toAddress: string, port: number, protocol: 'TCP' | 'UDP' = 'TCP'): Probe {
  return { from, toAddress, port, protocol }
}

function podObject({ namespace, workload, pod, node, address, labels, ports }: OnCallPod, hostIP: string): FakeObject {
  const isSet = pod === `${workload}-0`
  const owner = isSet ? workload : pod.replace(/-[^-]+$/, '')
  const hash = owner.slice(workload.length + 1)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: pod,
      namespace,
      labels: { ...labels, ...(isSet ? {} : { 'pod-template-hash': hash }) },
      creationTimestamp: '2026-01-01T00:00:00Z',
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: isSet ? 'StatefulSet' : 'ReplicaSet',
          name: owner,
          uid: owner,
          controller: true,
        },
      ],
    },
    spec: { nodeName: node, containers: [{ name: 'main', ports }] },
    status: { phase: 'Running', podIP: address, podIPs: [{ ip: address }], hostIP, hostIPs: [{ ip: hostIP }] },
  }
}

function service(
  namespace: string,
  name: string,
  selector: Readonly<Record<string, string>>,
  ports: readonly object[],
): FakeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { selector, ports } }
}
