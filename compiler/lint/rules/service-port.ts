import { selectedPods, serviceEndpoints } from '../../cluster/service-endpoints.ts'
import type { GraphPod } from '../../graph/allow-graph.ts'
import { podName } from '../../objects/pod-name.ts'
import { peerGroup } from '../../graph/rule-peers.ts'
import type { PolicyRule, RulePort } from '../../objects/objects.ts'
import { inPeerGroup } from '../../selectors/in-peer-group.ts'
import { declaredPorts } from '../declared-ports.ts'
import { type LintInput, type LintRule, remarkOn } from '../lint-rule.ts'
import { rulesOfPolicies } from '../policy-rules.ts'

/** Policy sees a connection after its Service's port became the pod's: a rule with the first lets nothing through. */
export const servicePort: LintRule = {
  name: 'service-port',
  severity: 'warning',
  summary: 'The port of an egress rule is that of a Service, and its pods listen on another',
  check(input) {
    return rulesOfPolicies(input).flatMap(({ policy, direction, rule }) => {
      if (direction !== 'egress' || rule.ports === 'any') return []
      const pods = destinationsOf(input, rule, policy.namespace)
      if (pods.length === 0) return []
      return rule.ports.flatMap((port, index) => {
        if (port.kind !== 'range' || port.from !== port.to) return []
        const translated = pods.map((pod) => translatedPort(input, pod, port))
        const [first] = translated
        if (
          first === undefined ||
          translated.some((one) => one === undefined || isGranted(rule, one.port, port.protocol))
        )
          return []
        const message = `ports[${index}]: ${port.from} is the port of Service ${first.service}, and ${first.pod} listens on ${first.port}`
        const hint = `write ${first.port}: policy sees the port of the pod`
        return [remarkOn(policy, { direction, rule }, message, hint)]
      })
    })
  },
}

/** The pods that the rule leads to; none where it leads to anybody else as well. */
function destinationsOf({ cluster: { graph } }: LintInput, rule: PolicyRule, own: string): readonly GraphPod[] {
  if (rule.peers === 'anyone') return []
  const groups = rule.peers.flatMap((peer) => (peer.kind === 'pods' ? [peerGroup(peer, own)] : []))
  if (groups.length < rule.peers.length) return []
  return [...graph.pods.values()].filter(({ pod }) => {
    const namespace = { name: pod.namespace, labels: graph.namespaceLabels(pod.namespace).labels }
    return !pod.hostNetwork && groups.some((group) => inPeerGroup(group, namespace, pod.labels.labels))
  })
}

interface Translated {
  readonly service: string
  readonly pod: string
  readonly port: number
}

/** What a Service makes of its port for this pod; undefined: the port is not one, or the pod really has it. */
function translatedPort(
  { cluster, raw }: LintInput,
  pod: GraphPod,
  { from, protocol }: Extract<RulePort, { kind: 'range' }>,
): Translated | undefined {
  if (declaredPorts(raw, pod.pod).some((own) => own.number === from && own.protocol === protocol)) return undefined
  const found: Translated[] = []
  for (const service of cluster.services.values()) {
    if (service.headless || !selectedPods(cluster, service).includes(pod)) continue
    for (const port of service.ports) {
      if (port.protocol !== protocol) continue
      const target = serviceEndpoints(cluster, service, port).find((endpoint) => endpoint.pod === pod)?.port
      // One Service at least leads to this very port.
      if (target === from) return undefined
      if (port.port !== from || target === undefined) continue
      found.push({ service: podName(service), pod: podName(pod.pod), port: target })
    }
  }
  return found[0]
}

/** Both ports are written: then it works. */
function isGranted({ ports }: PolicyRule, number: number, protocol: string): boolean {
  return (
    ports === 'any' ||
    ports.some((port) => {
      if (port.protocol !== protocol) return false
      return port.kind === 'all' || (port.kind === 'range' && port.from <= number && number <= port.to)
    })
  )
}
