import { LabCommandError } from './lab-error.ts'
import { enterNamespace } from './namespaces.ts'
import { buildPcap } from './packets/build-pcap.ts'
import { mustRun } from './run-command.ts'

/** Puts Ethernet frames on a device, as fast as it takes them, in their order. Throws LabCommandError. */
export async function sendFrames(namespace: string, device: string, frames: readonly Uint8Array[]): Promise<void> {
  if (frames.length === 0) return
  const command = enterNamespace(namespace, ['tcpreplay', '--topspeed', '-i', device, '-'])
  const report = await mustRun(command, { input: buildPcap(frames) })
  // It says so only here when the device refused some, as for a frame longer than the MTU.
  const sent = Number(/Successful packets:\s+(\d+)/.exec(report)?.[1])
  if (sent !== frames.length) {
    const stderr = `${sent} of ${frames.length} frames were sent\n${report}`
    throw new LabCommandError({ command: command.join(' '), exitCode: 0, stderr })
  }
}
