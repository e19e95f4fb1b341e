import { type Case, passed, type Theme } from '../case.ts'
import type { Json } from '../kubectl.ts'
import { probePod } from '../manifests.ts'
import { createPolicies, policy } from '../policies.ts'
import { until } from '../until.ts'
import { CaseFailure } from '../ways.ts'
import { runningPods } from '../pods.ts'

const PROBES: readonly (readonly [string, Json])[] = [
  ['http', { httpGet: { port: 8080, path: '/' } }],
  ['tcp', { tcpSocket: { port: 8080 } }],
  ['exec', { exec: { command: ['/usr/sbin/nft', '--version'] } }],
]
/** Probes that must pass before the case is believed. */
const OBSERVED_MILLISECONDS = 6_000

/** One failure of the liveness probe restarts the container: a probe that is lost shows. */
const often = (probe: Json) => ({
  startupProbe: { ...probe, periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 60 },
  livenessProbe: { ...probe, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 1 },
  readinessProbe: { ...probe, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 1 },
})

const probes: Case = {
  name: 'probes of pods that are closed both ways pass: HTTP, TCP, exec',
  run: async (world) => {
    const inNamespace = world.namespaceOf('z')
    const names = PROBES.map(([name]) => `probed-${name}`)
    await createPolicies(world, [policy('z', 'closed', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })])
    try {
      await world.kubectl.apply(
        PROBES.flatMap(([name, probe]) =>
          world.nodes.map((node) =>
            probePod({
              namespace: inNamespace,
              name: `probed-${name}-${node}`,
              image: world.image,
              labels: { probed: 'yes' },
              node,
              listen: ['tcp:8080'],
              container: often(probe),
            }),
          ),
        ),
      )
      const pods = async () => runningPods(world.kubectl, inNamespace, 'probed=yes')
      const ready = async () => {
        const found = await pods()
        return (
          found.length === 2 * names.length &&
          found.every(({ status }) => status.containerStatuses?.[0]?.ready === true)
        )
      }
      await until(ready, 120_000, 'the probed pods are ready')
      const start = performance.now()
      const long = async () => performance.now() - start > OBSERVED_MILLISECONDS
      await until(long, 2 * OBSERVED_MILLISECONDS, 'probes were observed')
      const found = await pods()
      const bad = found.filter(({ status }) => {
        const [container] = status.containerStatuses ?? []
        return container?.ready !== true || container.restartCount > 0
      })
      if (bad.length > 0) throw new CaseFailure(`probes failed: ${bad.map(({ metadata }) => metadata.name).join(', ')}`)
      return passed(`${found.length} pods`)
    } finally {
      await world.kubectl.run(['-n', inNamespace, 'delete', 'deployment', '-l', 'probed=yes', '--wait=false'])
    }
  },
}

export const kubelet: Theme = { name: 'kubelet', cases: [probes] }
