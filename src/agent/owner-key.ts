import type { Pod } from '../../compiler/objects/objects.ts'
import { podKey } from '../../compiler/objects/pod-name.ts'

/** Equal for one pod, whatever has changed of it; another one of the same name has another uid (in files none has). */
export function ownerKey(pod: Pod): string {
  return `${podKey(pod)} ${pod.uid}`
}
