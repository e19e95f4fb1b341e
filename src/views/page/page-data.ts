/*
 * What the page knows, as JSON inside it. Thousands of pods fall into far fewer classes: pods that no rule of any policy tells
 * apart. Everything that could be asked of two pods is said once for their two classes; numbers are positions in lists.
 */
export interface PageData {
  /** Sorted by id. */
  readonly nodes: readonly PageNode[]
  readonly namespaces: readonly string[]
  /** Distinct rows of the table of classes: `[how many, reach, how many, reach, ...]`, one entry a class in all. */
  readonly rows: readonly (readonly number[])[]
  /** The row of each class, as where connections come from. */
  readonly rowOf: readonly number[]
  /** The first is: nothing. */
  readonly reaches: readonly PageReach[]
  readonly portSets: readonly PagePorts[]
  readonly policies: readonly PagePolicy[]
  /** Policies that are only audited, as people cite them: nothing else of the page counts them. */
  readonly audited: readonly string[]
  readonly rules: readonly PageRule[]
  /** Of each class the policies that isolate it. */
  readonly isolatedBy: Readonly<Record<PageDirection, readonly (readonly number[])[]>>
  /** Of each class what its rules say about addresses that no pod has. */
  readonly outside: Readonly<Record<PageDirection, readonly (readonly PageOutside[])[]>>
  /** Lists of classes, that rules with the same peers share. */
  readonly admitted: readonly (readonly number[])[]
  /** Everything that is said of connections is said of those that do not pass, and policies stand where rules would. */
  readonly denied: boolean
  /** Ways from outside through controllers, a line each. */
  readonly ways: readonly string[]
  /** Boxes of the drawing that are no node, by id; missing where there is none. */
  readonly boxes?: Readonly<Record<string, PageBox>>
  /** Only where the page was made with what was seen. */
  readonly flows?: PageFlows
}

export interface PageBox {
  readonly state: PageState
  /** Positions of the nodes in it. */
  readonly nodes: readonly number[]
}

/** What passed and what was denied, between nodes by their ids and others as flows call them. */
export interface PageFlows {
  readonly used: readonly PageFlow[]
  readonly refused: readonly PageFlow[]
}

export interface PageFlow {
  readonly from: string
  readonly to: string
  readonly port: string
  readonly count: number
  readonly lastSeen: string
}

export type PageDirection = 'ingress' | 'egress'

export interface PageNode {
  readonly id: string
  readonly namespace: number
  /** Without its namespace. */
  readonly label: string
  /** `Deployment, 3 pods` */
  readonly detail: string
  readonly state: PageState
  readonly class: number
  /** Names of its pods, where it is more than a pod and they have names. */
  readonly pods: readonly string[]
  /** It is what was asked about; of others only connections with it are told. */
  readonly asked: boolean
}

export type PageState = 'open' | 'isolated' | 'ingress isolated' | 'egress isolated' | 'host network'

/** What passes between two classes, by family; -1: nothing, or not both have it. */
export interface PageReach {
  readonly text: string
  readonly sets: readonly [ipv4: number, ipv6: number]
  /** Of what does not pass: the directions in which policies hold it back. */
  readonly held?: readonly PageDirection[]
}

/** First and last port of each interval, for each protocol; `other` is ICMP and all the rest. */
export interface PagePorts {
  readonly TCP: readonly number[]
  readonly UDP: readonly number[]
  readonly SCTP: readonly number[]
  readonly other: boolean
}

export interface PagePolicy {
  readonly name: string
  readonly place: string
  readonly rules: Readonly<Record<PageDirection, readonly number[]>>
  /** Why a direction grants nothing although it isolates; empty: it could be compiled. */
  readonly closed: Readonly<Record<PageDirection, string>>
}

export interface PageRule {
  readonly policy: number
  /** `ingress[0]` */
  readonly name: string
  /** `file:line`, or empty. */
  readonly place: string
  /** As written: `TCP 80, UDP dns`, `every port`. */
  readonly text: string
  /** A port set, or one for each class as destination, since each has its own numbers for names. */
  readonly ports: number | readonly number[]
  /** Who is among its peers: a position in `admitted` for each family. */
  readonly admits: readonly [ipv4: number, ipv6: number]
}

/** Addresses that no pod has, and the rules that speak of them. */
export interface PageOutside {
  readonly addresses: string
  readonly text: string
  readonly ports: number
  readonly rules: readonly number[]
}
