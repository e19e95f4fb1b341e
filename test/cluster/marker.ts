import type { Lab } from '../../src/lab/lab.ts'
import { namespace, pod, policy } from '../oracle/make-objects.ts'
import { type ApiObjects, MARKER_NAMESPACE } from './api-objects.ts'
import { until } from './until.ts'

/** Policies whose only use is to be seen in the kernel: what came before them is then there too. */
export interface Marker {
  /** Allows one more address to the marker's pods; resolves once each of these nodes has it in its table. */
  pass(nodes: readonly string[]): Promise<void>
}

/**
 * One pod a node, behind which nothing stands, isolated for egress. Each mark only widens what they may reach, so it
 * renews no generation, and of four neighbouring addresses it takes one, so no set joins two marks into a range.
 */
export async function createMarker(lab: Lab, objects: ApiObjects): Promise<Marker> {
  await objects.create(namespace(MARKER_NAMESPACE, {}))
  for (const [index, node] of lab.nodes.entries()) {
    const address = `10.244.${index + 1}.250`
    const spec = { nodeName: node.name, containers: [{ name: 'main' }] }
    await objects.create(pod(`${MARKER_NAMESPACE}/on-${node.name}`, address, { spec }))
  }
  const egress = (...cidrs: readonly string[]) => ({
    podSelector: {},
    policyTypes: ['Egress'],
    egress: cidrs.map((cidr) => ({ to: [{ ipBlock: { cidr } }] })),
  })
  await objects.create(policy(`${MARKER_NAMESPACE}/deny`, egress()))
  let marks = 0
  return {
    async pass(nodes) {
      marks += 1
      const address = `198.18.${marks >> 6}.${(marks & 63) * 4 + 1}`
      await objects.create(policy(`${MARKER_NAMESPACE}/mark-${marks}`, egress(`${address}/32`)))
      const stands = new RegExp(`\\b${address.replaceAll('.', '\\.')}\\b`)
      for (const node of nodes) {
        await until(`mark ${address} in the kernel of ${node}`, async () => {
          const { stdout } = await lab.exec(node, ['nft', 'list', 'table', 'inet', 'selvedge'])
          return stands.test(stdout)
        })
      }
    },
  }
}
