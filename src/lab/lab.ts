import type { FrameCounter } from './frame-counter.ts'
import type { Arrangement } from './plan.ts'
import type { Prober } from './prober.ts'
import type { CommandOptions, CommandResult } from './run-command.ts'
import type {
  ConnectOptions,
  ConnectResult,
  ServeOptions,
  Server,
  Session,
  SessionOptions,
  SocketProtocol,
} from './sockets.ts'
import type { NodePlace, OutsidePlace, Place, PodPlace } from './topology.ts'

/** Nodes and pods as network namespaces. Wherever a place is named: a node, a pod or 'outside'. */
export interface Lab extends AsyncDisposable {
  /** What the names of all its namespaces begin with. */
  readonly name: string
  readonly arrangement: Arrangement
  readonly nodes: readonly NodePlace[]
  readonly pods: readonly PodPlace[]
  readonly outside: OutsidePlace

  /** Namespace, addresses and MACs of a place. Throws LabPlanError for a name that the plan does not have. */
  place(name: string): Place
  /** The command that runs `argv` there, for a process that the caller starts and ends by itself. */
  command(where: string, argv: readonly string[]): string[]
  /** Runs a program there to its end; a failure is an exit code, not an exception. */
  exec(where: string, argv: readonly string[], options?: CommandOptions): Promise<CommandResult>

  /** nft there; returns its stdout. Throws LabCommandError with nft's stderr. */
  nft(where: string, args: readonly string[], input?: string): Promise<string>
  /** One transaction: `nft -f -`. Throws LabCommandError with nft's stderr. */
  loadRuleset(node: string, text: string): Promise<void>

  /** Sends raw packets and tells which arrived. */
  readonly probe: Prober
  /** Puts whole Ethernet frames on a device (default eth0), built with packets/. */
  sendFrames(from: string, frames: readonly Uint8Array[], device?: string): Promise<void>
  /** Starts counting what comes in there and matches (the left side of an nft rule). */
  received(where: string, matcher: string): Promise<FrameCounter>

  /** Servers on real sockets, until closed or until the lab is. */
  serve(where: string, options: ServeOptions): Promise<Server>
  connect(
    from: string,
    toAddress: string,
    port: number,
    protocol: SocketProtocol,
    options?: ConnectOptions,
  ): Promise<ConnectResult>
  /** A long-lived session on real sockets. Throws LabCommandError when no byte comes back in time. */
  session(options: SessionOptions & { readonly from: string }): Promise<Session>

  /** Ends everything that runs in the lab through it and removes its namespaces. Twice does no harm. */
  close(): Promise<void>
}
