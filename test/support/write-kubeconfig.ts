import { join } from 'node:path'
import { kubeconfigText } from './kubeconfig-text.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** The path of such a kubeconfig, gone when the test is over; `files` lie beside it. */
export function writeKubeconfig(
  cluster: Parameters<typeof kubeconfigText>[0],
  user?: Parameters<typeof kubeconfigText>[1],
  files: Readonly<Record<string, string>> = {},
): string {
  return join(temporaryFolder({ ...files, config: kubeconfigText(cluster, user) }), 'config')
}
