/** kubectl's words for the kinds that an end can be, in lower case: one, several, and for short. */
const WORDS: ReadonlyMap<string, string> = new Map(
  [
    ['Pod', 'pods', 'po'],
    ['Deployment', 'deployments', 'deploy'],
    ['StatefulSet', 'statefulsets', 'sts'],
    ['DaemonSet', 'daemonsets', 'ds'],
    ['ReplicaSet', 'replicasets', 'rs'],
    ['ReplicationController', 'replicationcontrollers', 'rc'],
    ['Job', 'jobs'],
    ['CronJob', 'cronjobs', 'cj'],
    ['Service', 'services', 'svc'],
    ['Ingress', 'ingresses', 'ing'],
  ].flatMap(([kind = '', ...others]) => [kind.toLowerCase(), ...others].map((word) => [word, kind] as const)),
)

/** `deploy`, `deployments` and `deployment.apps` are Deployment; undefined for a word that is no kind. */
export function kindOfWord(word: string): string | undefined {
  const [name = ''] = word.toLowerCase().split('.')
  return WORDS.get(name)
}
