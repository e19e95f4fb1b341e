import { podKey } from '../objects/pod-name.ts'
import type { ClusterObject } from '../objects/objects.ts'
import type { HoldChange, HoldSubnets, Sandbox, SandboxChange, SuspicionChange } from '../objects/sandbox.ts'

/** One event: an object as it is now, or that it is gone. Unknown removals and repeated puts are welcome. */
export type Change =
  | { readonly type: 'put'; readonly object: ClusterObject }
  | {
      readonly type: 'remove'
      readonly kind: ClusterObject['kind']
      /** Empty for a Namespace. */
      readonly namespace: string
      readonly name: string
    }

/** What an agent tells besides: what it sees of its own node. */
export type EngineChange = Change | SandboxChange | HoldChange | SuspicionChange

/** Of several events about one object only the last counts. */
export function lastOfEach(changes: readonly EngineChange[]): LastChanges {
  const last: LastChanges = { pods: new Map(), namespaces: new Map(), policies: new Map(), sandboxes: new Map() }
  for (const change of changes) {
    if (change.type === 'hold') {
      last.hold = change.subnets
      continue
    }
    if (change.type === 'suspicion') {
      last.suspectsPolicies = change.policies
      continue
    }
    if (isOfSandbox(change)) {
      last.sandboxes.set(sandboxKey(change), change.type === 'put' ? change.object : undefined)
      continue
    }
    const object = change.type === 'put' ? change.object : undefined
    const { kind, name } = change.type === 'put' ? change.object : change
    switch (kind) {
      case 'Namespace':
        last.namespaces.set(name, object?.kind === 'Namespace' ? object : undefined)
        break
      case 'Pod':
        last.pods.set(keyOf(change), object?.kind === 'Pod' ? object : undefined)
        break
      case 'NetworkPolicy':
        last.policies.set(keyOf(change), object?.kind === 'NetworkPolicy' ? object : undefined)
    }
  }
  return last
}

type Of<Kind> = Extract<ClusterObject, { readonly kind: Kind }>

/** By `namespace/name` (a pod by podKey); undefined: gone. */
export interface LastChanges {
  readonly pods: Map<string, Of<'Pod'> | undefined>
  readonly namespaces: Map<string, Of<'Namespace'> | undefined>
  readonly policies: Map<string, Of<'NetworkPolicy'> | undefined>
  /** By Sandbox.key. */
  readonly sandboxes: Map<string, Sandbox | undefined>
  /** Undefined: as before. */
  hold?: HoldSubnets
  suspectsPolicies?: boolean
}

function isOfSandbox(change: Change | SandboxChange): change is SandboxChange {
  return (change.type === 'put' ? change.object.kind : change.kind) === 'Sandbox'
}

function sandboxKey(change: SandboxChange): string {
  return change.type === 'put' ? change.object.key : change.key
}

/** The object that an event is about: equal keys, one object. */
export function changeKey(change: EngineChange): string {
  if (change.type === 'hold' || change.type === 'suspicion') return change.type
  if (isOfSandbox(change)) return `Sandbox ${sandboxKey(change)}`
  const kind = change.type === 'put' ? change.object.kind : change.kind
  return kind === 'Namespace' && change.type === 'remove' ? `${kind} ${change.name}` : `${kind} ${keyOf(change)}`
}

function keyOf(change: Change): string {
  if (change.type === 'remove') return `${change.namespace}/${change.name}`
  const { object } = change
  switch (object.kind) {
    case 'Namespace':
      return object.name
    case 'Pod':
      return podKey(object)
    case 'NetworkPolicy':
      return `${object.namespace}/${object.name}`
  }
}
