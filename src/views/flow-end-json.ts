import type { FlowEnd } from '../../compiler/flows/flow-end.ts'

/** An end of a flow as JSON has it; a node's address may be anybody's behind it. */
export function flowEndJson(end: FlowEnd): object {
  switch (end.kind) {
    case 'pod': {
      const { namespace, name, workload, address, gone } = end
      const owner = workload === undefined ? null : `${workload.kind}/${workload.name}`
      return { namespace, name, workload: owner, address, ...(gone ? { gone } : {}) }
    }
    case 'node':
      return { node: end.name, address: end.address }
    case 'address':
      return { address: end.address }
  }
}
