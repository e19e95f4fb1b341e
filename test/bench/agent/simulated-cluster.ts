import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lab } from '../../../src/lab/lab.ts'
import { kubeconfigText } from '../../support/kubeconfig-text.ts'
import type { ClusterSize } from '../made-up-cluster.ts'
import type { ApiObject, BenchCluster } from './bench-cluster.ts'
import { startLineProgram } from './line-program.ts'

/** A cluster of any size from programs/simulated-api.ts, which runs on the node itself; pods weigh 8 kB as real ones do. */
export async function startSimulatedCluster(lab: Lab, node: string, size: ClusterSize): Promise<BenchCluster> {
  const program = await startLineProgram(lab, node, 'simulated-api', size)
  const { port } = program.ready as { readonly port: number }
  const folder = mkdtempSync(join(tmpdir(), 'selvedge-bench-api-'))
  const kubeconfig = join(folder, 'config')
  writeFileSync(kubeconfig, kubeconfigText(`http://127.0.0.1:${port}`, {}))
  const tell = async (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: ApiObject): Promise<void> => {
    await program.ask({ type, object })
  }
  return {
    kubeconfig,
    create: (object) => tell('ADDED', object),
    remove: (object) => tell('DELETED', object),
    relabel: (object) => tell('MODIFIED', object),
    async close() {
      await program.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
