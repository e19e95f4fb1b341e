import { stringify } from 'yaml'
import type { RawCluster } from '../oracle/raw-cluster.ts'

/** The cluster as one YAML text of many documents, for a failing test to print and a person to feed to `selvedge compile -f`. */
export function clusterToYaml(cluster: RawCluster): string {
  return [...cluster.namespaces, ...cluster.pods, ...cluster.policies]
    .map((object) => `---\n${stringify(object, { aliasDuplicateObjects: false })}`)
    .join('')
}
