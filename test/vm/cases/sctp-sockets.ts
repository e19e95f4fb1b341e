import { execa } from 'execa'
import type { Lab } from '../../../src/lab/lab.ts'

/** Node has no sockets of SCTP, and Perl is on every Debian. 132 is SCTP; one-to-one style, as a TCP socket. */
const COMMON = `use strict; use Socket; $| = 1; $SIG{PIPE} = 'IGNORE';
my ($host, $port) = @ARGV;
my $six = $host =~ /:/;
my $family = $six ? AF_INET6 : AF_INET;
my $place = $six ? pack_sockaddr_in6($port, Socket::inet_pton(AF_INET6, $host)) : pack_sockaddr_in($port, inet_aton($host));
socket(my $socket, $family, SOCK_STREAM, 132) or die "no SCTP: $!";
`
/** Echoes every line to whoever sent it. */
const SERVER = `${COMMON}bind($socket, $place) or die "bind: $!"; listen($socket, 16) or die "listen: $!"; print "ready\\n";
$SIG{CHLD} = 'IGNORE';
while (1) {
  accept(my $client, $socket) or next;
  next if fork();
  while (defined(my $length = sysread($client, my $data, 4096))) { last if $length == 0; syswrite($client, $data); }
  exit 0;
}
`
/** Connects once and asks once. */
const CLIENT = `${COMMON}alarm 4; $SIG{ALRM} = sub { print "silent\\n"; exit 0 };
connect($socket, $place) or do { print "failed: $!\\n"; exit 0 };
syswrite($socket, "hello\\n"); sysread($socket, my $data, 4096); print "answered\\n" if $data eq "hello\\n";
`
/** Connects, then asks five times a second and prints a line for each answer. */
const SESSION = `${COMMON}connect($socket, $place) or die "connect: $!";
if (fork()) { while (1) { syswrite($socket, "again\\n"); select(undef, undef, undef, 0.2); } }
while (sysread($socket, my $data, 4096)) { print "answered\\n"; }
`

/** Asks an SCTP server over a real association: `answered`, `silent`, or what went wrong. */
export async function sctpAsk(lab: Lab, from: string, host: string, port: number): Promise<string> {
  const { stdout, stderr } = await lab.exec(from, ['perl', '-e', CLIENT, host, String(port)])
  return stdout.trim() || stderr.trim()
}

export interface SctpProcess extends AsyncDisposable {
  /** Lines that it has printed so far. */
  lines(): number
}

/** An SCTP server that listens at that address of the place. */
export function sctpServe(lab: Lab, where: string, host: string, port: number): Promise<SctpProcess> {
  return start(lab, where, ['perl', '-e', SERVER, host, String(port)])
}

/** A live association that asks all the time. */
export function sctpSession(lab: Lab, where: string, host: string, port: number): Promise<SctpProcess> {
  return start(lab, where, ['perl', '-e', SESSION, host, String(port)])
}

/** Resolves when the program has printed its first line, rejects when it has ended before. */
async function start(lab: Lab, where: string, argv: readonly string[]): Promise<SctpProcess> {
  // A process group of its own, so that what it forks ends with it.
  const [file = '', ...rest] = lab.command(where, argv)
  const running = execa(file, rest, { reject: false, detached: true })
  const { nodeChildProcess: child } = running
  let lines = 0
  await new Promise<void>((resolve, reject) => {
    running.stdout.on('data', (data: Buffer) => {
      lines += data.toString().split('\n').length - 1
      resolve()
    })
    void running.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)), reject)
  })
  return {
    lines: () => lines,
    async [Symbol.asyncDispose]() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
      await running
    },
  }
}
