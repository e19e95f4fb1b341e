import { type Command, InvalidArgumentError } from 'commander'
import { kindOfWord } from '../../compiler/cluster/kind-words.ts'
import type { FlowEnd } from '../../compiler/flows/flow-end.ts'
import type { RecordedEnd } from '../../compiler/flows/flow-list.ts'
import { saidNamespace } from './reading-options.ts'

/** Which flows are asked for, of every command that shows some. */
export interface FlowFilterFlags {
  readonly namespace: string
  readonly since?: number
  readonly from?: string
  readonly to?: string
}

type End = FlowEnd | RecordedEnd

export interface FilteredFlow {
  readonly from: End
  readonly to: End
  /** Seconds. */
  readonly lastAge: number
}

export function addFlowFilter(command: Command): Command {
  return command
    .option('--since <duration>', 'only flows whose last packet is younger: 90s, 15m, 2h', parseDuration)
    .option('--from <end>', 'only flows from this pod, workload, node or address')
    .option('--to <end>', 'only flows to this pod, workload, node or address')
}

/** Without `-n`, flows of all namespaces; with it those with an end there, or whose ends are as --from and --to say. */
export function flowFilter(flags: FlowFilterFlags, command: Command): (flow: FilteredFlow) => boolean {
  const { since, from, to } = flags
  const namespace = saidNamespace(flags, command)
  const isIn = (end: End) => end.kind === 'pod' && end.namespace === namespace
  return (flow) => {
    if (namespace !== undefined && from === undefined && to === undefined && !isIn(flow.from) && !isIn(flow.to))
      return false
    if (since !== undefined && flow.lastAge > since) return false
    return isEnd(flow.from, from, namespace) && isEnd(flow.to, to, namespace)
  }
}

/**
 * Which sources of too many flows: whom they reached is not known, so they are left out only where they surely were not meant.
 */
export function foldedFilter(flags: FlowFilterFlags, command: Command): (one: Omit<FilteredFlow, 'to'>) => boolean {
  const { since, from } = flags
  const namespace = saidNamespace(flags, command)
  return (one) => (since === undefined || one.lastAge <= since) && isEnd(one.from, from, namespace)
}

/** A word without a namespace is of that of -n, or of any; one with a kind is as kubectl has it. */
function isEnd(end: End, word: string | undefined, namespace: string | undefined): boolean {
  if (word === undefined || word === end.address) return true
  if (end.kind !== 'pod') return end.kind === 'node' && end.name === word
  const [first = '', second = '', third] = word.split('/')
  if (third !== undefined)
    return (
      (end.namespace === first && isOfKind(end, second, third)) ||
      (end.namespace === second && isOfKind(end, first, third))
    )
  const isHere = namespace === undefined || end.namespace === namespace
  if (second === '') return isHere && namesOf(end).includes(first)
  return (end.namespace === first && namesOf(end).includes(second)) || (isHere && isOfKind(end, first, second))
}

type PodEnd = Extract<End, { kind: 'pod' }>

function namesOf({ name, workload }: PodEnd): readonly string[] {
  return workload === undefined ? [name] : [name, workload.name]
}

function isOfKind({ name: own, workload }: PodEnd, word: string, name: string): boolean {
  const kind = kindOfWord(word)
  if (kind === 'Pod') return own === name
  return kind !== undefined && workload?.kind === kind && workload.name === name
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

/** `90s`, `15m`, `2h`; seconds. */
function parseDuration(text: string): number {
  const [, number = '', unit = ''] = /^(\d+)([smh])$/.exec(text) ?? []
  if (number === '') throw new InvalidArgumentError('write a number and s, m or h: 15m.')
  return Number(number) * (SECONDS[unit] ?? 1)
}
