import { podName } from '../../graph/allow-graph.ts'
import type { Pod } from '../../objects/objects.ts'
import { type Fields, isFields } from '../../objects/read-fields.ts'
import { fieldsOf, itemsOf, textOf } from '../../cluster/loose-fields.ts'
import { selectedPods } from '../../cluster/service-endpoints.ts'
import { type LintInput, type LintRule, remarkOn } from '../lint-rule.ts'
import { rulesOfPolicies } from '../policy-rules.ts'
import { rawAt } from '../raw-object.ts'

/** A port of an ingress rule that no container of the selected pods declares: often the Service's port instead of the pod's. */
export const portNobodyListensOn: LintRule = {
  name: 'port-nobody-listens-on',
  severity: 'warning',
  summary: 'No container of the selected pods declares the port',
  check(input) {
    return rulesOfPolicies(input).flatMap(({ policy, direction, rule, pods: selected }) => {
      if (direction !== 'ingress' || rule.ports === 'any') return []
      const pods = [...selected]
      const declared = pods.map((pod) => declaredPorts(input, pod))
      // Declaring ports is a custom, not a duty: who declares none says nothing.
      if (pods.length === 0 || declared.some((ports) => ports.length === 0)) return []
      return rule.ports.flatMap((port, index) => {
        if (port.kind !== 'range' || port.from !== port.to) return []
        if (declared.some((ports) => ports.some((one) => one.number === port.from && one.protocol === port.protocol)))
          return []
        const [first] = pods
        const known = [...new Set(declared.flat().map(({ number, protocol }) => `${number}/${protocol}`))].join(', ')
        const service = servicePortOf(input, pods, port.from)
        const message = `ports[${index}]: ${first === undefined ? '' : podName(first)} declares ${known}, not ${port.from}/${port.protocol}`
        const hint =
          service === undefined
            ? 'policy speaks of the port of the pod'
            : `${port.from} is the port of Service ${service}; policy speaks of the port of the pod`
        return [remarkOn(policy, { direction, rule }, message, hint)]
      })
    })
  },
}

interface DeclaredPort {
  readonly number: number
  readonly protocol: string
}

function declaredPorts({ raw }: LintInput, pod: Pod): readonly DeclaredPort[] {
  const found = rawAt(raw, pod.place)
  if (found === undefined) return []
  return podSpecs(found.value).flatMap((spec) =>
    [...itemsOf(spec, 'containers'), ...itemsOf(spec, 'initContainers')].flatMap((container) =>
      itemsOf(container, 'ports').flatMap((port) => {
        const number = port['containerPort']
        return typeof number === 'number' ? [{ number, protocol: textOf(port, 'protocol') ?? 'TCP' }] : []
      }),
    ),
  )
}

/** Of a Pod its spec, of a workload that of its template, of a CronJob that of its job's. */
function podSpecs(value: Fields): readonly Fields[] {
  const spec = fieldsOf(value, 'spec')
  const template = isFields(spec['jobTemplate']) ? fieldsOf(fieldsOf(spec, 'jobTemplate'), 'spec') : spec
  return isFields(template['template']) ? [fieldsOf(fieldsOf(template, 'template'), 'spec')] : [template]
}

function servicePortOf({ cluster }: LintInput, pods: readonly Pod[], number: number): string | undefined {
  for (const service of cluster.services.values()) {
    if (!service.ports.some(({ port }) => port === number)) continue
    if (selectedPods(cluster, service).some(({ pod }) => pods.includes(pod)))
      return `${service.namespace}/${service.name}`
  }
  return undefined
}
