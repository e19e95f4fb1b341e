/** kubectl's words for the kinds that an end can be, in lower case. */
const WORDS: ReadonlyMap<string, string> = new Map(
  [
    ['Pod', 'po'],
    ['Deployment', 'deploy'],
    ['StatefulSet', 'sts'],
    ['DaemonSet', 'ds'],
    ['ReplicaSet', 'rs'],
    ['ReplicationController', 'rc'],
    ['Job', 'job'],
    ['CronJob', 'cj'],
    ['Service', 'svc'],
    ['Ingress', 'ing'],
  ].flatMap(([kind = '', short = '']) => [kind.toLowerCase(), short].map((word) => [word, kind] as const)),
)

/** `deploy` and `deployment` are Deployment; undefined for a word that is no kind. */
export function kindOfWord(word: string): string | undefined {
  return WORDS.get(word.toLowerCase())
}
