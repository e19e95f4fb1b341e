import type { Cluster } from './create-cluster.ts'
import { type FoundEnd, nothing } from './found-end.ts'
import { podsIn, selectedPods } from './service-endpoints.ts'

/** Where the cluster's DNS is, whatever serves it (kubeadm, k3s, and every chart of CoreDNS keep to it). */
export const DNS_SERVICE = { namespace: 'kube-system', name: 'kube-dns' } as const
export const DNS_LABEL = { key: 'k8s-app', value: 'kube-dns' } as const
const API_SERVICE = { namespace: 'default', name: 'kubernetes' } as const

/** What people call without a name: `dns`, the pods of the cluster's DNS, and `apiserver`. Undefined for every other word. */
export function findWord(cluster: Cluster, word: string): FoundEnd | undefined {
  if (word === 'dns') return findDns(cluster)
  return word === 'apiserver' ? findApiServer(cluster) : undefined
}

/** Through its Service, where that leads to anybody; else the pods with its label. */
function findDns(cluster: Cluster): FoundEnd {
  const key = `${DNS_SERVICE.namespace}/${DNS_SERVICE.name}`
  const service = cluster.services.get(key)
  const written = cluster.endpoints.get(key) ?? []
  // Nobody looks the resolver up by its name, so there is no dnsName.
  if (service !== undefined && (service.selector === undefined ? written : selectedPods(cluster, service)).length > 0)
    return { kind: 'service', name: key, service, dnsName: undefined }
  const pods = podsIn(cluster, DNS_SERVICE.namespace).filter(
    ({ pod, addresses }) => pod.labels.labels.get(DNS_LABEL.key) === DNS_LABEL.value && addresses.length > 0,
  )
  if (service === undefined && pods.length > 0) return { kind: 'pods', name: 'dns', pods, exact: false }
  return nothing(
    'the input does not say where the DNS of the cluster is',
    'add Service kube-system/kube-dns and its pods',
  )
}

/** Service default/kubernetes, of which the API server itself writes the endpoints; a file may have them alone. */
function findApiServer(cluster: Cluster): FoundEnd {
  const key = `${API_SERVICE.namespace}/${API_SERVICE.name}`
  if ((cluster.endpoints.get(key) ?? []).length === 0) {
    const hint = `add EndpointSlice ${key} (kubectl get endpointslices kubernetes -n default -o yaml), or give its address`
    return nothing('the input does not say where the API server is', hint)
  }
  const service = cluster.services.get(key) ?? {
    ...API_SERVICE,
    type: 'ClusterIP',
    clusterAddresses: [],
    headless: false,
    externalAddresses: [],
    selector: undefined,
    ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443, nodePort: undefined }],
    externalName: undefined,
    externalTrafficPolicy: 'Cluster',
  }
  return { kind: 'service', name: key, service, dnsName: undefined }
}
