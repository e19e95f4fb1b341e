/** An object as the API has it. */
export interface ApiObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly spec?: unknown
  readonly status?: unknown
}

/** A cluster that an agent in the lab's node can watch. Every call resolves with the API's answer. */
export interface BenchCluster {
  readonly kubeconfig: string
  create(object: ApiObject): Promise<void>
  remove(object: ApiObject): Promise<void>
  /** `object` is the whole of it with its new labels. */
  relabel(object: ApiObject): Promise<void>
  close(): Promise<void>
}
