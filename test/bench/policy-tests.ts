import { parseArgs } from 'node:util'
import { runAssertions } from '../../compiler/policy-test/run-assertions.ts'
import { readPolicyTests } from '../../compiler/policy-test/read-policy-tests.ts'
import { clusterOf } from '../explain/cluster-of.ts'
import { pod, policy } from '../explain/manifests.ts'
import { lookAtMachine } from './packets/machine.ts'

/*
 * `npm run bench:policy-tests`: what 1,000 assertions cost beside the reading of the pods that they are held against, by their
 * number; twenty pods a workload, two policies' worth of peers each. `--sizes 2500,5000`.
 */

const { values } = parseArgs({ options: { sizes: { type: 'string', default: '2500,5000,10000' } } })
const ASSERTIONS = 1_000
const REPLICAS = 20

console.log(`${(await lookAtMachine()).facts}\n`)
console.log('| pods | workloads | reading | assertions | of reading | passed |\n| --- | --- | --- | --- | --- | --- |')
for (const pods of values.sizes.split(',').map(Number)) {
  const workloads = pods / REPLICAS
  const [reading, cluster] = spent(() => clusterOf(manifests(workloads)))
  const { tests } = readPolicyTests([{ file: 'tests', text: assertions(workloads) }])
  const asked = tests.flatMap((one) => one.assertions)
  const [running, results] = spent(() => runAssertions(cluster, asked, 'default'))
  const passed = results.filter(({ status }) => status === 'passed').length
  console.log(
    `| ${pods} | ${workloads} | ${reading} ms | ${running} ms | ${(running / reading).toFixed(2)} | ${passed} |`,
  )
}
console.log('\nUser CPU, of one run.')

function spent<Result>(work: () => Result): readonly [milliseconds: number, result: Result] {
  const before = process.cpuUsage().user
  const result = work()
  return [Math.round((process.cpuUsage().user - before) / 1_000), result]
}

/** Ten workloads in a namespace; each is reached by the next, and by a Prometheus that is not here, and reaches the one before. */
function manifests(workloads: number): string {
  const documents = each(workloads).flatMap((index) => [
    policy(
      `${namespaceOf(index)}/p${index}`,
      `{podSelector: {matchLabels: {app: a${index}}}, policyTypes: [Ingress, Egress], ingress: [{from: [{podSelector: {matchLabels: {app: a${index + 1}}}}, {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}, podSelector: {matchLabels: {app: prometheus}}}], ports: [{port: 8080}]}], egress: [{to: [{podSelector: {matchLabels: {app: a${index - 1}}}}], ports: [{port: 8080}]}, {ports: [{protocol: UDP, port: 53}]}]}`,
    ),
    ...each(REPLICAS).map((replica) =>
      pod(`${namespaceOf(index)}/a${index}-${replica}`, addressOf(index * REPLICAS + replica), {
        owner: `StatefulSet/a${index}`,
        ports: ['8080'],
      }),
    ),
  ])
  return documents.join('\n---\n')
}

function assertions(workloads: number): string {
  const tests = each(ASSERTIONS).map((position) => {
    const index = Math.floor((position % workloads) / 10) * 10 + 2 + (position % 7)
    const place = namespaceOf(index)
    const at = `${place}/a${index}`
    switch (position % 4) {
      case 0:
        return `{from: ${place}/a${index - 2}, to: ${at}, ports: [443], expect: deny}`
      case 1:
        return `{from: {not: ${at}}, to: ${at}, ports: [443], expect: deny}`
      case 2:
        return `{to: ${at}, ports: [8080], only: [${place}/a${index + 1}], pods: input}`
      default:
        return `{from: ${at}, atMost: ['${place}/a${index - 1}:8080', dns, {to: outside, ports: [53/UDP]}, {to: '*', ports: [53/UDP]}]}`
    }
  })
  return `apiVersion: selvedge.io/v1alpha1\nkind: PolicyTest\ntests:\n${tests.map((one) => `  - ${one}\n`).join('')}`
}

function namespaceOf(index: number): string {
  return `ns-${Math.floor(index / 10)}`
}

function addressOf(index: number): string {
  return `10.${1 + Math.floor(index / 65_536)}.${Math.floor(index / 256) % 256}.${index % 256}`
}

function each(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index)
}
